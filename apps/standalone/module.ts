import { type DynamicModule, Global, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { GatewayModule, type GatewayModuleParts } from '#apps/gateway/gateway.module.js';
import { EXTERNAL_CHANNEL, type ExternalChannel } from '#libs/channels/port/index.js';
import { REHEARSAL } from '#libs/payments/application/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import {
  CONSUMERS,
  DECIDER_STORE,
  DEMO_MONEY,
  EVENT_LOG,
  FILE_STORE,
  IDENTITY_CHECK,
  MESSAGE_SEALS,
  RUNTIME,
  SPREADSHEET_READER,
  SPREADSHEET_WRITER,
  SUBJECT_KEYS,
  VIEWS,
} from '#libs/runtime/port/tokens.js';
import { demoIdentityCheck, noIdentityCheck } from '#libs/security/adapters/demo/demo-identity-check.js';
import { spreadsheetReader, xlsxWriter } from '#libs/spreadsheet/adapters/index.js';
import { HANDLERS } from './contexts.js';
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
      { provide: FILE_STORE, useValue: stores.files },
      { provide: SPREADSHEET_READER, useValue: spreadsheetReader() },
      { provide: SPREADSHEET_WRITER, useValue: xlsxWriter },
      { provide: DEMO_MONEY, useValue: demoMoney },
      { provide: EXTERNAL_CHANNEL, useValue: channel },
      { provide: REHEARSAL, useValue: rehearsalOver(stores.decider, runtime) },
      { provide: IDENTITY_CHECK, useValue: demoMoney ? demoIdentityCheck : noIdentityCheck },
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
