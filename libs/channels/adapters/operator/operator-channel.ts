import type { Agreement } from '#libs/http-signatures/index.js';
import type { TenantId } from '#libs/kernel/ids/index.js';
import { toStoredMoney } from '#libs/kernel/money/index.js';
import type { Clock, Rng } from '#libs/runtime/port/index.js';
import {
  type ChannelOperation,
  type ChannelReply,
  ChannelMisused,
  ChannelUnknown,
  type ExternalChannel,
} from '../../port/index.js';
import type { WireOperation } from '../../wire/messages.js';
import {
  NoTrustedAnswer,
  type SignedAnswer,
  SignedClient,
  type SignedRequest,
} from '../http/signed-client.js';
import { readReply } from './replies.js';

export interface OperatorChannelOptions {
  /** Asked anew for every request; absent: the institution is not there now. */
  readonly baseUrl: () => string | undefined;
  readonly agreement: Agreement;
  readonly clock: Clock;
  readonly rng: Rng;
  /** Of one request, milliseconds; default 3,000. */
  readonly deadlineMs?: number;
  /** Requests under way at once; default 128. Eight times as many may wait. */
  readonly maxInFlight?: number;
}

type Addressed = Pick<ChannelOperation, 'operationId' | 'tenant'>;

/** Replies are small. */
const MOST_REPLY_BYTES = 65_536;
/** A day's book of some hundred thousand lines. */
const MOST_STATEMENT_BYTES = 256 * 1_048_576;
const STATEMENT_DEADLINE_MS = 60_000;
const WAITING_PER_PLACE = 8;

/** The operating institution over signed HTTP. Whatever is doubtful about an answer makes it no answer: `ChannelUnknown`. */
export class OperatorChannel implements ExternalChannel {
  readonly #client: SignedClient;
  readonly #statements: SignedClient;
  readonly #agreement: Agreement;

  constructor({ deadlineMs = 3_000, maxInFlight = 128, ...parts }: OperatorChannelOptions) {
    const maxWaiting = maxInFlight * WAITING_PER_PLACE;
    this.#agreement = parts.agreement;
    this.#client = new SignedClient({
      ...parts,
      deadlineMs,
      maxInFlight,
      maxWaiting,
      maxAnswerBytes: MOST_REPLY_BYTES,
    });
    this.#statements = new SignedClient({
      ...parts,
      deadlineMs: STATEMENT_DEADLINE_MS,
      maxInFlight: 2,
      maxWaiting: 16,
      maxAnswerBytes: MOST_STATEMENT_BYTES,
    });
  }

  async submit({ tenant, amount, ...operation }: ChannelOperation): Promise<ChannelReply> {
    // Keys are never taken away: without one nothing of the tenant has ever been sent, nor will it be.
    if (!this.#agreement.ownKey(tenant)) return { outcome: 'declined', reason: 'NO_AGREEMENT' };
    const body: WireOperation = { ...operation, amount: toStoredMoney(amount) };
    return this.#ask({
      tenant,
      method: 'POST',
      target: '/operations',
      body,
      idempotencyKey: operation.operationId,
    });
  }

  async query({ tenant, operationId }: Addressed): Promise<ChannelReply> {
    if (!this.#agreement.ownKey(tenant)) return { outcome: 'notFound' };
    return this.#ask({ tenant, method: 'GET', target: `/operations/${encodeURIComponent(operationId)}` });
  }

  async cancel({ tenant, operationId }: Addressed): Promise<ChannelReply> {
    if (!this.#agreement.ownKey(tenant)) return { outcome: 'cancelled' };
    return this.#ask({
      tenant,
      method: 'POST',
      target: `/operations/${encodeURIComponent(operationId)}/cancel`,
      idempotencyKey: `cancel-${operationId}`,
    });
  }

  async statement({
    tenant,
    date,
    format,
  }: {
    readonly tenant: TenantId;
    readonly date: string;
    readonly format: 'camt.053' | 'camt.054';
  }): Promise<string> {
    if (!this.#agreement.ownKey(tenant)) throw new ChannelMisused('The tenant has no agreement.');
    const answer = await this.#exchange(this.#statements, {
      tenant,
      method: 'GET',
      target: `/statements/${encodeURIComponent(date)}?format=${format}`,
    });
    if (answer.status !== 200) throw new ChannelMisused(`The statement was refused with ${answer.status}.`);
    return answer.body.toString('utf8');
  }

  close(): void {
    this.#client.close();
    this.#statements.close();
  }

  async #ask(request: SignedRequest): Promise<ChannelReply> {
    return readReply(await this.#exchange(this.#client, request));
  }

  /** A signed answer that says something; everything else is none. */
  async #exchange(client: SignedClient, request: SignedRequest): Promise<SignedAnswer> {
    const answer = await client.exchange(request).catch((fault: unknown) => {
      const reason = fault instanceof NoTrustedAnswer ? fault.message : 'the request failed';
      throw new ChannelUnknown(`No trusted answer from the institution: ${reason}.`, { cause: fault });
    });
    // 401: about clocks and keys, not about the operation. 408, 425, 429: come back later.
    if (answer.status >= 500 || [401, 403, 408, 425, 429].includes(answer.status))
      throw new ChannelUnknown(`The institution answered ${answer.status}.`);
    return answer;
  }
}
