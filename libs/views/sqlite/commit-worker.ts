/** Entry of the committing worker: transactions that are too large for the calling thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { ViewRowRefused } from '../port/index.js';
import type { FromCommitWorker, ToCommitWorker } from './committer.js';
import { openForWriting } from './connection.js';
import { Transactions } from './transactions.js';

const { file, cacheKib } = workerData as { readonly file: string; readonly cacheKib: number };
const database = openForWriting(file, cacheKib);
const transactions = new Transactions(database);

function carryOut(message: ToCommitWorker): FromCommitWorker {
  if (message === 'close') {
    database.close();
    parentPort?.close();
    return { failure: undefined };
  }
  try {
    transactions.commit(message);
    return { failure: undefined };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { failure: { isRefusal: error instanceof ViewRowRefused, text } };
  }
}

parentPort?.on('message', (message: ToCommitWorker) => {
  const answer = carryOut(message);
  if (message !== 'close') parentPort?.postMessage(answer);
});
