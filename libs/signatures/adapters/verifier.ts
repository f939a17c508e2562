import type { Timers } from '#libs/runtime/port/index.js';
import {
  type SignatureToVerify,
  type SignatureVerifier,
  SignatureVerifierOverloaded,
  SignatureVerifierUnavailable,
} from '../port/index.js';
import { Ed25519 } from './ed25519.js';
import { Sm2Threads } from './sm2-threads.js';

export interface SignatureVerifierOptions {
  readonly timers: Timers;
  /** For SM2; default 1, which verifies 400 to 1,700 signatures a second (see the README). */
  readonly threads?: number;
  /** Signatures asked for and not answered; default 1,000 of each algorithm. */
  readonly maxWaiting?: number;
  /** From the asking to the answer, the start of a thread included; default 5,000. */
  readonly deadlineMs?: number;
}

const MOST_MESSAGE_BYTES = 65_536;

/** Both profiles; nothing is verified on the calling thread. */
export function signatureVerifier(options: SignatureVerifierOptions): ClosableSignatureVerifier {
  return new Verifier(options);
}

export interface ClosableSignatureVerifier extends SignatureVerifier {
  /** What is under way fails. Idempotent. */
  close(): Promise<void>;
}

class Verifier implements ClosableSignatureVerifier {
  readonly #ed25519 = new Ed25519();
  readonly #sm2: Sm2Threads;
  readonly #maxWaiting: number;
  readonly #deadlineMs: number;
  readonly #timers: Timers;
  #underWay = 0;
  #closed = false;

  constructor({ timers, threads = 1, maxWaiting = 1_000, deadlineMs = 5_000 }: SignatureVerifierOptions) {
    this.#timers = timers;
    this.#maxWaiting = maxWaiting;
    this.#deadlineMs = deadlineMs;
    this.#sm2 = new Sm2Threads({ timers, threads, maxWaiting, deadlineMs });
  }

  async verify(signed: SignatureToVerify): Promise<boolean> {
    if (this.#closed) throw new SignatureVerifierUnavailable('The verifier is closed.');
    if (signed.message.length > MOST_MESSAGE_BYTES) return false;
    if (signed.alg === 'Ed25519') return this.#onThePool(signed);
    // A document from outside may name any algorithm.
    return signed.alg === 'SM2' ? this.#sm2.verify(signed) : false;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#sm2.close();
  }

  /** libuv's threads serve files too: they may all be busy, so waiting for them has an end. */
  async #onThePool(signed: SignatureToVerify): Promise<boolean> {
    if (this.#underWay >= this.#maxWaiting) {
      throw new SignatureVerifierOverloaded(`${this.#underWay} signatures are waiting.`);
    }
    this.#underWay += 1;
    const verified = this.#ed25519.verify(signed).finally(() => void (this.#underWay -= 1));
    return new Promise((resolve, reject) => {
      const cancelDeadline = this.#timers.after(this.#deadlineMs, () =>
        reject(new SignatureVerifierUnavailable('The signature was not verified in time.')),
      );
      void verified.then((good) => {
        cancelDeadline();
        resolve(good);
      }, reject);
    });
  }
}
