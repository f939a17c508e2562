import 'reflect-metadata';
import { ConfigRefused, readConfig } from './config.js';
import { explainFailure, greeting } from './greeting.js';
import { startApplication } from './start.js';

/** Shorter than the launcher's patience of 10 s. */
const DRAIN_LIMIT_MS = 9_000;

async function run(): Promise<void> {
  const started = startApplication(readConfig(process.env), (line) => process.stdout.write(`${line}\n`));
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    // Not even a store that hangs may keep the process: whatever was acknowledged is durable already.
    setTimeout(() => process.exit(1), DRAIN_LIMIT_MS).unref();
    // Asked while it starts, it stops as soon as it has started: half-open stores are harder to close than open ones.
    void started.then((running) => running.stop()).then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  const { facts } = await started;
  if (!stopping) process.stdout.write(greeting(facts));
}

function fail(fault: unknown): void {
  process.stderr.write(`${fault instanceof ConfigRefused ? fault.message : explainFailure(fault)}\n`);
  process.exit(1);
}

await run().catch(fail);
