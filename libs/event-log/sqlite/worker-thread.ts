import { Worker } from 'node:worker_threads';
import { errorOf, type Failure } from './failure.js';
import type { WorkerData } from './protocol.js';

/** Workers are loaded as compiled files, also when this module itself runs from source (under the test runner). */
const COMPILED = import.meta.url.endsWith('.ts')
  ? new URL('../../../dist/libs/event-log/sqlite/', import.meta.url)
  : new URL('./', import.meta.url);

export interface StartedWorker<Message> {
  readonly worker: Worker;
  readonly ready: Extract<Message, { op: 'ready' }>;
}

type Greeting = { readonly op: 'ready' } | { readonly op: 'open-failed'; readonly failure: Failure };

/** Starts a worker and waits until it has opened the file. @throws LogFileUnusable, LogDamaged, LogUnavailable */
export async function startWorker<Message extends { readonly op: string }>(
  entry: 'writer/worker.js' | 'reader/worker.js',
  workerData: WorkerData,
): Promise<StartedWorker<Message>> {
  const worker = new Worker(new URL(entry, COMPILED), {
    workerData,
    name: `event-log ${entry.split('/')[0]}`,
  });
  const greeting = await new Promise<Message>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  if (greeting.op === 'ready') return { worker, ready: greeting as Extract<Message, { op: 'ready' }> };
  await worker.terminate();
  throw errorOf((greeting as unknown as Extract<Greeting, { op: 'open-failed' }>).failure);
}
