import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import type { Steps } from './steps.js';

/** A story as a program: against a product that runs with the demo's people and the sandbox bank. */
export interface Script<Story extends Steps & { close(): Promise<void> }> {
  readonly parts: Readonly<Record<string, (story: Story) => Promise<void>>>;
  /** Without `--parts`; all of them, when the parts do not stand for themselves. */
  readonly together: boolean;
  open(at: {
    readonly url: string;
    readonly dataDir: string;
    readonly tell: (line: string) => void;
  }): Promise<Story>;
}

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

/** Exit code 0: everything is as it should be; 1: the first thing that is not is named, with what was expected and what came. */
export async function playScript<Story extends Steps & { close(): Promise<void> }>(
  script: Script<Story>,
): Promise<void> {
  await run(script).catch((fault: unknown) => {
    const said = fault instanceof Error ? `${fault.name}: ${fault.message}` : String(fault);
    process.stderr.write(`\nNot as it should be.\n${said}\n`);
    process.exitCode = 1;
  });
}

async function run<Story extends Steps & { close(): Promise<void> }>({
  parts,
  together,
  open,
}: Script<Story>): Promise<void> {
  const startedMs = performance.now();
  const { url, data, names } = readOptions(Object.keys(parts), together);
  const unknown = names.find((name) => !(name in parts));
  if (unknown !== undefined)
    throw new Error(`there is no part "${unknown}"; there are ${Object.keys(parts).join(', ')}`);
  await assertReady(url);
  const story = await open({ url, dataDir: resolve(data), tell });
  try {
    for (const name of names) await parts[name]!(story);
  } catch (fault) {
    // The fault is what counts, also when the product has gone.
    await story.close().catch(() => undefined);
    throw fault;
  }
  await story.close();
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  tell(`\n${story.steps} steps, all as it should be, in ${seconds} s (run ${story.run})`);
}

function readOptions(parts: readonly string[], together: boolean) {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://localhost:4000' },
      data: { type: 'string', default: './data' },
      ...(!together && { parts: { type: 'string', default: parts.join() } }),
    },
  });
  const chosen = (values as { readonly parts?: string }).parts;
  return { url: values.url, data: values.data, names: chosen?.split(',') ?? parts };
}

async function assertReady(url: string): Promise<void> {
  const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
  if (!answer?.ok) throw new Error(`no product is ready at ${url}; npm start starts one`);
}
