/** Thread that verifies SM2 signatures one after the other. */
import { parentPort } from 'node:worker_threads';
import { Sm2, type Sm2Signature } from './sm2.js';

export type Sm2Request = Sm2Signature;
export type Sm2Reply = boolean;

const sm2 = new Sm2();

parentPort?.on('message', (request: Sm2Request) => {
  parentPort?.postMessage(verified(request));
});

function verified(request: Sm2Request): Sm2Reply {
  try {
    return sm2.verify(request);
  } catch {
    // Nothing that a sender can write may end the thread.
    return false;
  }
}
