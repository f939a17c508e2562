import { type DynamicModule, Global, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { GatewayModule, type GatewayModuleParts } from '#apps/gateway/gateway.module.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import {
  CONSUMERS,
  DECIDER_STORE,
  DEMO_MONEY,
  EVENT_LOG,
  FILE_STORE,
  RUNTIME,
  SPREADSHEET_READER,
  SPREADSHEET_WRITER,
  SUBJECT_KEYS,
  VIEWS,
} from '#libs/runtime/port/tokens.js';
import { spreadsheetReader, xlsxWriter } from '#libs/spreadsheet/adapters/index.js';
import { HANDLERS } from './contexts.js';
import type { Stores } from './stores.js';

/** The ports, for every handler of every context. */
@Global()
@Module({})
class PortsModule {
  static over(stores: Stores, runtime: Runtime, demoMoney: boolean): DynamicModule {
    const providers = [
      { provide: RUNTIME, useValue: runtime },
      { provide: EVENT_LOG, useValue: stores.eventLog },
      { provide: DECIDER_STORE, useValue: stores.decider },
      { provide: CONSUMERS, useValue: stores.consumers },
      { provide: VIEWS, useValue: stores.views },
      { provide: SUBJECT_KEYS, useValue: stores.subjectKeys },
      { provide: FILE_STORE, useValue: stores.files },
      { provide: SPREADSHEET_READER, useValue: spreadsheetReader() },
      { provide: SPREADSHEET_WRITER, useValue: xlsxWriter },
      { provide: DEMO_MONEY, useValue: demoMoney },
    ];
    return { module: PortsModule, providers, exports: providers.map(({ provide }) => provide) };
  }
}

/** Every context and the gateway over the given stores: one process, no servers. */
@Module({})
export class StandaloneModule {
  static over(stores: Stores, runtime: Runtime, gateway: GatewayModuleParts): DynamicModule {
    return {
      module: StandaloneModule,
      imports: [
        CqrsModule.forRoot(),
        PortsModule.over(stores, runtime, !gateway.options.production),
        GatewayModule.with(gateway),
      ],
      providers: [...HANDLERS],
    };
  }
}
