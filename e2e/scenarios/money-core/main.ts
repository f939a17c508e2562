/**
 * node dist/e2e/scenarios/money-core/main.js [--url http://localhost:4000] [--data ./data] [--parts payments,ledger]
 * Against a product that runs with the demo's people and the sandbox bank. Exit code 0: everything is as it should be; 1: the
 * first thing that is not is named, with what was expected and what came.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PARTS } from './money-core.js';
import { Story } from './story.js';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:4000' },
    data: { type: 'string', default: './data' },
    parts: { type: 'string', default: Object.keys(PARTS).join() },
  },
});

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

async function play(story: Story, parts: readonly string[]): Promise<void> {
  for (const name of parts) await PARTS[name]!(story);
}

async function run(): Promise<void> {
  const startedMs = performance.now();
  const parts = values.parts.split(',');
  const unknown = parts.find((name) => !(name in PARTS));
  if (unknown !== undefined)
    throw new Error(`there is no part "${unknown}"; there are ${Object.keys(PARTS).join(', ')}`);
  await assertReady();
  const story = await Story.open({ url: values.url, dataDir: resolve(values.data), tell });
  try {
    await play(story, parts);
  } catch (fault) {
    // The fault is what counts, also when the product has gone.
    await story.close().catch(() => undefined);
    throw fault;
  }
  await story.close();
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  tell(`\n${story.steps} steps, all as it should be, in ${seconds} s (run ${story.run})`);
}

async function assertReady(): Promise<void> {
  const answer = await fetch(`${values.url}/health/ready`).catch(() => undefined);
  if (!answer?.ok) throw new Error(`no product is ready at ${values.url}; npm start starts one`);
}

await run().catch((fault: unknown) => {
  const said = fault instanceof Error ? `${fault.name}: ${fault.message}` : String(fault);
  process.stderr.write(`\nNot as it should be.\n${said}\n`);
  process.exitCode = 1;
});
