import type { INestApplication } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { seedOnFirstStart } from '#apps/cli/seed/first-start.js';
import type { MovableClock } from '#apps/cli/seed/seed-clock.js';
import type { Timers } from '#libs/runtime/port/index.js';
import type { Config } from './config.js';
import type { ApplicationFacts } from './greeting.js';
import type { Stores } from './stores.js';

interface SeedParts {
  readonly config: Config;
  readonly app: INestApplication;
  readonly stores: Stores;
  readonly clock: MovableClock;
  readonly runtime: { readonly timers: Timers };
  readonly tell: (line: string) => void;
}

/** Fills an empty log through the same buses as everybody, before the doors open. */
export async function seedDemoOnFirstStart({
  config,
  app,
  stores,
  clock,
  runtime,
  tell,
}: SeedParts): Promise<ApplicationFacts['openStudent']> {
  const commands = app.get(CommandBus);
  const queries = app.get(QueryBus);
  const summary = await seedOnFirstStart({
    dataDir: config.dataDir,
    logIsEmpty: stores.wasEmpty,
    scale: config.demoScale,
    target: {
      execute: (command) => commands.execute(command),
      query: (query) => queries.execute(query),
      files: stores.files,
      timers: runtime.timers,
      sandboxBank: config.bank.kind === 'sandbox',
      clock,
    },
    onProgress: (what) => tell(`  演示数据 · demo: ${what}`),
  });
  return summary?.openStudent;
}
