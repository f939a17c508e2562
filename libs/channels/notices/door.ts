import {
  type Agreement,
  type ReceivedRequest,
  SignatureRefused,
  type VerifiedRequest,
  admitRequest,
  signResponse,
} from '#libs/http-signatures/index.js';
import { InvalidInputError } from '#libs/kernel/errors/index.js';
import { fromStoredMoney } from '#libs/kernel/money/index.js';
import { epochMsOf, parseInstant } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import type { Nonces } from '#libs/security/port/index.js';
import type { ChannelNotice, NoticeAnswer, NoticeReceiver } from '../port/index.js';
import type { WireNotice } from '../wire/messages.js';
import { WireRefused, readNotice } from '../wire/schemas.js';

export interface NoticeDoorParts {
  readonly agreement: Agreement;
  readonly nonces: Pick<Nonces, 'claim'>;
  readonly receivers: readonly NoticeReceiver[];
  readonly runtime: Pick<Runtime, 'clock' | 'timers'>;
  /** Something that must not happen; the institution is told to repeat. */
  readonly report: (fault: unknown) => void;
  /** Notices under way at once; more are told to come back. Default 64. */
  readonly maxInFlight?: number;
  /** For a notice's meaning to become durable, milliseconds. Default 5,000. */
  readonly deadlineMs?: number;
}

export interface DoorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const STATUS: Readonly<Record<NoticeAnswer, number>> = {
  taken: 200,
  unknownOperation: 404,
  contradicts: 409,
};

class TooLate extends Error {
  override readonly name = 'TooLate';
}

/**
 * Where the institution tells us what became of an operation. Proves who speaks, then hands the notice to the process that waits
 * for it; 200 only when its meaning is durable. A repeated notice comes with a new nonce and is the receiver's to recognise.
 */
export class NoticeDoor {
  readonly #receivers: ReadonlyMap<string, NoticeReceiver>;
  #inFlight = 0;

  constructor(private readonly parts: NoticeDoorParts) {
    this.#receivers = new Map(parts.receivers.map((receiver) => [receiver.prefix, receiver]));
    if (this.#receivers.size < parts.receivers.length)
      throw new Error('Two receivers wait for the same prefix of operations.');
  }

  async enter(request: ReceivedRequest): Promise<DoorAnswer> {
    if (this.#inFlight >= (this.parts.maxInFlight ?? 64)) return unsigned(503, 'OVERLOADED');
    this.#inFlight += 1;
    try {
      return await this.#admit(request);
    } finally {
      this.#inFlight -= 1;
    }
  }

  async #admit(request: ReceivedRequest): Promise<DoorAnswer> {
    const { agreement, nonces, runtime } = this.parts;
    try {
      const nowMs = epochMsOf(runtime.clock.now());
      const verified = await admitRequest(request, (keyId) => agreement.partnerKey(keyId), nonces, nowMs);
      const { status, ...said } = await this.#understand(request, verified);
      return this.#signed(request, verified, status, said);
    } catch (fault) {
      // One word for every reason: a forger learns nothing from the difference.
      if (fault instanceof SignatureRefused) return unsigned(401, 'SIGNATURE_REFUSED');
      this.parts.report(fault);
      return unsigned(503, 'UNAVAILABLE');
    }
  }

  async #understand(
    request: ReceivedRequest,
    { key, idempotencyKey }: VerifiedRequest,
  ): Promise<{ readonly status: number; readonly code: string; readonly message?: string }> {
    let wire: WireNotice;
    let notice: ChannelNotice;
    try {
      wire = readNotice(request.body);
      notice = {
        ...wire,
        tenant: key.tenant,
        amount: fromStoredMoney(wire.amount),
        at: parseInstant(wire.at),
      };
    } catch (fault) {
      if (fault instanceof WireRefused || fault instanceof InvalidInputError)
        return { status: 400, code: 'NOTICE_MALFORMED', message: fault.message };
      throw fault;
    }
    if (idempotencyKey !== notice.noticeId)
      return { status: 400, code: 'NOTICE_MALFORMED', message: 'The idempotency key is the notice id.' };
    const prefix = notice.operationId.slice(0, notice.operationId.indexOf('-'));
    const receiver = this.#receivers.get(prefix);
    const answer = receiver ? await this.#inTime(receiver.receive(notice)) : 'unknownOperation';
    return { status: STATUS[answer], code: answer };
  }

  /** What comes after the deadline still becomes durable; the institution repeats and is told so then. */
  #inTime(receiving: Promise<NoticeAnswer>): Promise<NoticeAnswer> {
    const { timers } = this.parts.runtime;
    return new Promise((resolve, reject) => {
      const cancel = timers.after(this.parts.deadlineMs ?? 5_000, () =>
        reject(new TooLate('A notice was not durable in time.')),
      );
      receiving.then(resolve, reject).finally(cancel);
    });
  }

  #signed(request: ReceivedRequest, verified: VerifiedRequest, status: number, said: object): DoorAnswer {
    const body = Buffer.from(JSON.stringify(said));
    const own = this.parts.agreement.ownKey(verified.key.tenant);
    const signature = request.headers['signature'];
    if (!own || typeof signature !== 'string') return { status, headers: {}, body };
    const nowMs = epochMsOf(this.parts.runtime.clock.now());
    return { status, headers: signResponse({ status, body }, signature.trim(), own, nowMs), body };
  }
}

function unsigned(status: number, code: string): DoorAnswer {
  const body = Buffer.from(JSON.stringify({ code }));
  return { status, headers: status === 503 ? { 'retry-after': '1' } : {}, body };
}
