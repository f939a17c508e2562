import { type DynamicModule, Global, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { GatewayModule, type GatewayModuleParts } from '#apps/gateway/gateway.module.js';
import { EXTERNAL_CHANNEL, type ExternalChannel } from '#libs/channels/port/index.js';
import {
  EVIDENCE_SCHEMAS,
  loadEvidenceSchemas,
} from '#libs/contracts/application/evidence/evidence-schemas.js';
import { loadTemplateLanguage, TEMPLATE_LANGUAGE } from '#libs/contracts/application/templates/index.js';
import { loadProofSchemas, PROOF_SCHEMAS } from '#libs/contracts/application/proof/proof-schemas.js';
import { REHEARSAL } from '#libs/payments/application/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import {
  ATTESTOR_KEYRING,
  CONSUMERS,
  DECIDER_STORE,
  DEMO_MONEY,
  EMPLOYMENT,
  EVENT_LOG,
  FILE_STORE,
  IDENTITY_CHECK,
  MESSAGE_SEALS,
  RUNTIME,
  SIGNATURE_VERIFIER,
  SPREADSHEET_READER,
  SPREADSHEET_WRITER,
  SUBJECT_KEYS,
  VIEWS,
} from '#libs/runtime/port/tokens.js';
import { demoEmployment, noEmployment } from '#libs/security/adapters/demo/demo-employment.js';
import { demoIdentityCheck, noIdentityCheck } from '#libs/security/adapters/demo/demo-identity-check.js';
import { spreadsheetReader, xlsxWriter } from '#libs/spreadsheet/adapters/index.js';
import { HANDLERS } from './contexts.js';
import { schemasFolder } from './folders.js';
import { NOTICE_RECEIVERS_PROVIDER } from './notice-receivers.js';
import { rehearsalOver } from './rehearsal.js';
import type { Stores } from './stores.js';

/** The ports, for every handler of every context. */
@Global()
@Module({})
class PortsModule {
  static over(stores: Stores, runtime: Runtime, demoMoney: boolean, channel: ExternalChannel): DynamicModule {
    const providers = [
      { provide: RUNTIME, useValue: runtime },
      { provide: EVENT_LOG, useValue: stores.eventLog },
      { provide: DECIDER_STORE, useValue: stores.decider },
      { provide: CONSUMERS, useValue: stores.consumers },
      { provide: VIEWS, useValue: stores.views },
      { provide: SUBJECT_KEYS, useValue: stores.subjectKeys },
      { provide: MESSAGE_SEALS, useValue: stores.seals },
      { provide: ATTESTOR_KEYRING, useValue: stores.keyring },
      { provide: SIGNATURE_VERIFIER, useValue: stores.signatures },
      { provide: EVIDENCE_SCHEMAS, useValue: loadEvidenceSchemas(schemasFolder('contracts/evidence')) },
      {
        provide: PROOF_SCHEMAS,
        useValue: loadProofSchemas(schemasFolder('events'), schemasFolder('contracts')),
      },
      { provide: TEMPLATE_LANGUAGE, useValue: loadTemplateLanguage(schemasFolder('contracts')) },
      { provide: FILE_STORE, useValue: stores.files },
      { provide: SPREADSHEET_READER, useValue: spreadsheetReader() },
      { provide: SPREADSHEET_WRITER, useValue: xlsxWriter },
      { provide: DEMO_MONEY, useValue: demoMoney },
      { provide: EXTERNAL_CHANNEL, useValue: channel },
      { provide: REHEARSAL, useValue: rehearsalOver(stores.decider, runtime) },
      { provide: IDENTITY_CHECK, useValue: demoMoney ? demoIdentityCheck : noIdentityCheck },
      { provide: EMPLOYMENT, useValue: demoMoney ? demoEmployment : noEmployment },
    ];
    return { module: PortsModule, providers, exports: providers.map(({ provide }) => provide) };
  }
}

/** Every context and the gateway over the given stores: one process, no servers. */
@Module({})
export class StandaloneModule {
  static over(
    stores: Stores,
    runtime: Runtime,
    gateway: GatewayModuleParts,
    channel: ExternalChannel,
  ): DynamicModule {
    return {
      module: StandaloneModule,
      imports: [
        CqrsModule.forRoot(),
        PortsModule.over(stores, runtime, !gateway.options.production, channel),
        GatewayModule.with(gateway),
      ],
      providers: [...HANDLERS, NOTICE_RECEIVERS_PROVIDER],
    };
  }
}
