import { parentPort, workerData } from 'node:worker_threads';
import { inspectCode } from './program.js';

// A thread of its own: type checking keeps a core busy for seconds, and the other checks report meanwhile.
parentPort?.postMessage(inspectCode((workerData as { root: string }).root));
