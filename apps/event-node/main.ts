import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openLogEngine } from '#libs/event-log/sqlite/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { ConfigError, USAGE, readConfig } from './config.js';
import type { NodeConfig } from './config.js';
import { startEventNode } from './node.js';

/** Name of the log in the data folder. */
const LOG_FILE = 'events.db';

async function run(config: NodeConfig): Promise<void> {
  mkdirSync(config.dataDir, { recursive: true });
  const runtime = systemRuntime();
  const engine = await openLogEngine({ file: join(config.dataDir, LOG_FILE) }, runtime);
  const node = await startEventNode({ engine, runtime, ...config });
  console.log(
    `event-node ready at ${node.connectionString} (speaks the subset of the EventStoreDB protocol that db-client 6.x uses)`,
  );
  if (!isLoopback(config.host) && !config.credentials) {
    console.error(`event-node: warning: whoever reaches ${config.host} can read and write everything.`);
  }
  const stop = () => {
    void node
      .close()
      .then(() => engine.close())
      .then(
        () => process.exit(0),
        (error: unknown) => fail(error),
      );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function fail(error: unknown): never {
  console.error(`event-node: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

try {
  const config = readConfig(process.argv.slice(2), process.env);
  if (config === 'help') console.log(USAGE);
  else await run(config);
} catch (error) {
  if (error instanceof ConfigError) console.error(USAGE);
  fail(error);
}
