import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { CommandBus, CqrsModule, QueryBus } from '@nestjs/cqrs';
import type { ReceiptDocument, ReceiptSlip } from '#libs/documents/port/index.js';
import type { Consumers } from '#libs/event-log/consumers/types.js';
import type { EventLog } from '#libs/event-log/port/index.js';
import type { FileStore } from '#libs/files/port/index.js';
import type { Readiness } from '#libs/observability/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { CONSUMERS, EVENT_LOG, FILE_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import type { TokenVerifier } from '#libs/security/adapters/tokens/verifier.js';
import type { FaultLog } from './explain-error.js';
import { type FileDoor, FilesController } from './files/files.controller.js';
import type { SignedLinks } from './files/signed-links.js';
import { Gateway, type GatewayOptions } from './gateway.js';
import { HealthController } from './http/health.controller.js';
import { MaskingFilter } from './http/masking.filter.js';
import { StatementsController } from './ledger/statements.controller.js';
import { MassRefundReportsController } from './mass-refund/reports.controller.js';
import { OwnWrites } from './own-writes.js';
import { PagesController } from './pages/pages.controller.js';
import type { ServiceFacts } from './pages/pages.js';
import { CodeImagesController } from './qr/images.controller.js';
import { VerificationController } from './receipts/verification.controller.js';
import { FILE_DOOR, METRICS, READINESS, SERVICE_FACTS } from './tokens.js';

export interface GatewayModuleParts {
  readonly options: GatewayOptions;
  readonly verifier: TokenVerifier;
  readonly links: SignedLinks;
  readonly log: FaultLog;
  readonly readiness: Readiness;
  readonly receipts: ReceiptDocument;
  readonly slips: ReceiptSlip;
  readonly facts: ServiceFacts;
}

type OwnWritesParts = [CommandBus, QueryBus, Consumers, EventLog, Runtime];

/** Everything that listens. Needs the ports (RUNTIME, CONSUMERS, EVENT_LOG, FILE_STORE) and the contexts' handlers beside it. */
@Module({})
export class GatewayModule {
  static with({
    options,
    verifier,
    links,
    log,
    readiness,
    receipts,
    slips,
    facts,
  }: GatewayModuleParts): DynamicModule {
    return {
      module: GatewayModule,
      imports: [CqrsModule],
      controllers: [
        FilesController,
        StatementsController,
        MassRefundReportsController,
        HealthController,
        PagesController,
        CodeImagesController,
        VerificationController,
      ],
      providers: [
        { provide: READINESS, useValue: readiness },
        {
          provide: FILE_DOOR,
          inject: [FILE_STORE, RUNTIME],
          useFactory: (files: FileStore, { ids }: Runtime): FileDoor => ({
            links,
            files,
            receipts,
            slips,
            ids,
          }),
        },
        { provide: SERVICE_FACTS, useValue: facts },
        {
          provide: OwnWrites,
          inject: [CommandBus, QueryBus, CONSUMERS, EVENT_LOG, RUNTIME],
          useFactory: (...[commands, queries, consumers, eventLog, { clock }]: OwnWritesParts) =>
            new OwnWrites({ commands, queries, consumers, log: eventLog, clock }),
        },
        {
          provide: Gateway,
          inject: [OwnWrites, CONSUMERS, RUNTIME],
          useFactory: ({ commands, queries }: OwnWrites, consumers: Consumers, runtime: Runtime) =>
            new Gateway({ commands, queries, consumers, runtime, verifier, links, log }, options),
        },
        { provide: METRICS, inject: [Gateway], useFactory: (gateway: Gateway) => gateway.metrics },
        {
          provide: APP_FILTER,
          inject: [RUNTIME],
          useFactory: (runtime: Runtime) => new MaskingFilter(runtime.ids, log),
        },
      ],
    };
  }
}
