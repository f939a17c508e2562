import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { type Agreement, type Headers, signRequest, verifyResponse } from '#libs/http-signatures/index.js';
import type { TenantId } from '#libs/kernel/ids/index.js';
import { epochMsOf } from '#libs/kernel/time/index.js';
import type { Clock, Rng } from '#libs/runtime/port/index.js';
import { readBody } from '../../wire/read-body.js';
import { InFlightLimit } from './in-flight-limit.js';

export interface SignedClientOptions {
  /** Asked anew for every request: a partner that was restarted may have moved. Absent: it is not there now. */
  readonly baseUrl: () => string | undefined;
  readonly agreement: Agreement;
  readonly clock: Clock;
  readonly rng: Rng;
  /** Of one exchange, waiting for its turn included, milliseconds. */
  readonly deadlineMs: number;
  readonly maxInFlight: number;
  /** Exchanges that wait for their turn; more are refused unsent. */
  readonly maxWaiting: number;
  readonly maxAnswerBytes: number;
}

export interface SignedRequest {
  readonly tenant: TenantId;
  readonly method: 'GET' | 'POST';
  readonly target: string;
  readonly body?: object;
  readonly idempotencyKey?: string;
}

export interface SignedAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** No answer that can be trusted. */
export class NoTrustedAnswer extends Error {
  override readonly name = 'NoTrustedAnswer';
}

/** A signed request's life, seconds: the deadline and the clocks' difference. */
const LIFE_SECONDS = 60;
const NONCE_BYTES = 24;
const NOTHING = new Uint8Array(0);

/** Signed requests over kept connections; an answer counts only under the partner's signature, bound to the request. */
export class SignedClient {
  readonly #http: HttpAgent;
  readonly #https: HttpsAgent;
  readonly #turns: InFlightLimit;

  constructor(private readonly options: SignedClientOptions) {
    const settings = {
      keepAlive: true,
      maxSockets: options.maxInFlight,
      maxFreeSockets: options.maxInFlight,
    };
    this.#http = new HttpAgent(settings);
    this.#https = new HttpsAgent(settings);
    this.#turns = new InFlightLimit(options.maxInFlight, options.maxWaiting);
  }

  /** @throws NoTrustedAnswer */
  async exchange(request: SignedRequest): Promise<SignedAnswer> {
    const signal = AbortSignal.timeout(this.options.deadlineMs);
    try {
      return await this.#turns.run(signal, () => this.#exchange(request, signal));
    } catch (fault) {
      if (fault instanceof NoTrustedAnswer) throw fault;
      const reason = signal.aborted ? `no answer within ${this.options.deadlineMs} ms` : messageOf(fault);
      throw new NoTrustedAnswer(reason, { cause: fault });
    }
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  async #exchange(request: SignedRequest, signal: AbortSignal): Promise<SignedAnswer> {
    const { agreement, clock, maxAnswerBytes } = this.options;
    const base = this.options.baseUrl();
    const key = agreement.ownKey(request.tenant);
    if (base === undefined) throw new NoTrustedAnswer('the partner is not there');
    if (!key) throw new NoTrustedAnswer('no agreement for the tenant');
    const url = new URL(base);
    const target = `${url.pathname.replace(/\/$/, '')}${request.target}`;
    const body = request.body === undefined ? NOTHING : Buffer.from(JSON.stringify(request.body));
    const signed = signRequest({ ...request, target, body }, key, {
      nowMs: epochMsOf(clock.now()),
      nonce: Buffer.from(this.options.rng.bytes(NONCE_BYTES)).toString('base64url'),
      lifeSeconds: LIFE_SECONDS,
    });
    const response = await this.#send(url, { ...request, target, body, signed }, signal);
    const answer = await readBody(response, maxAnswerBytes);
    const received = { status: response.statusCode ?? 0, headers: response.headers, body: answer };
    const verified = verifyResponse(
      received,
      signed,
      (keyId) => agreement.partnerKey(keyId),
      epochMsOf(clock.now()),
    );
    if (verified.key.tenant !== request.tenant) throw new NoTrustedAnswer('signed for another tenant');
    return received;
  }

  #send(
    url: URL,
    {
      method,
      target,
      body,
      signed,
    }: {
      readonly method: string;
      readonly target: string;
      readonly body: Uint8Array;
      readonly signed: Headers;
    },
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const isTls = url.protocol === 'https:';
    return new Promise((resolve, reject) => {
      const sending = (isTls ? httpsRequest : httpRequest)(
        {
          protocol: url.protocol,
          hostname: url.hostname.replace(/^\[|\]$/g, ''),
          port: url.port,
          method,
          path: target,
          headers: {
            ...(signed as Record<string, string>),
            ...(body.length > 0 ? { 'content-type': 'application/json', 'content-length': body.length } : {}),
          },
          agent: isTls ? this.#https : this.#http,
          signal,
        },
        resolve,
      );
      sending.once('error', reject);
      sending.end(body);
    });
  }
}

function messageOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}
