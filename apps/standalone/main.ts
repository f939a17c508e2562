import 'reflect-metadata';
import { ConfigRefused, readConfig } from './config.js';
import { explainFailure, greeting } from './greeting.js';
import { type RunningApplication, startApplication } from './start.js';

/** Shorter than the launcher's patience of 10 s. */
const DRAIN_LIMIT_MS = 9_000;

async function run(): Promise<void> {
  let running: RunningApplication | undefined;
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    // Not even a store that hangs may keep the process: whatever was acknowledged is durable already.
    setTimeout(() => process.exit(1), DRAIN_LIMIT_MS).unref();
    // While starting, the end of the start stops it.
    if (running) void running.stop().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  running = await startApplication(readConfig(process.env), (line) => process.stdout.write(`${line}\n`));
  if (stopping) {
    await running.stop();
    process.exit(0);
  }
  process.stdout.write(greeting(running.facts));
}

function fail(fault: unknown): void {
  process.stderr.write(`${fault instanceof ConfigRefused ? fault.message : explainFailure(fault)}\n`);
  process.exit(1);
}

await run().catch(fail);
