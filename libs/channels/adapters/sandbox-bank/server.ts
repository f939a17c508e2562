import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  SignatureRefused,
  type VerifiedRequest,
  admitRequest,
  signResponse,
} from '#libs/http-signatures/index.js';
import { epochMsOf } from '#libs/kernel/time/index.js';
import { BodyRefused, readBody } from '../../wire/read-body.js';
import { type Desk, NO_ANSWER, type Said, SILENCE } from './desk.js';
import type { SandboxBankOptions } from './options.js';

/** An operation has some hundred bytes. */
const MOST_BYTES = 65_536;
/** Whoever gets no answer has given up by then. */
const SILENCE_MS = 15_000;

/** The institution's door: signatures in, signatures out. */
export class BankServer {
  readonly #server: Server;

  constructor(
    private readonly desk: Desk,
    private readonly options: Pick<SandboxBankOptions, 'agreement' | 'nonces' | 'runtime'>,
  ) {
    this.#server = createServer({ keepAliveTimeout: 30_000, headersTimeout: 10_000 }, (request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    this.#server.maxConnections = 2_000;
  }

  /** @throws Error with `code` EADDRINUSE and the like */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      // Loopback only: it is a sandbox, and who reaches it plays the payers.
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const open = request.method === 'GET' && isOwnName(request) ? this.desk.openPage(url) : undefined;
    if (open) return send(response, open, {});
    const admitted = await this.#admit(request);
    if ('status' in admitted) return send(response, admitted, {});
    const said = await this.#said(admitted.verified, {
      method: request.method ?? '',
      url,
      body: admitted.body,
    });
    if (said === NO_ANSWER) return void request.socket.destroy();
    if (said === SILENCE) return this.#beSilent(request);
    const own = this.options.agreement.ownKey(admitted.verified.key.tenant);
    if (!own) return send(response, { status: 403, body: { code: 'NO_AGREEMENT' } }, {});
    const bytes = bytesOf(said);
    const nowMs = epochMsOf(this.options.runtime.clock.now());
    const signature = String(request.headers['signature']).trim();
    send(response, said, signResponse({ status: said.status, body: bytes }, signature, own, nowMs), bytes);
  }

  async #admit(
    request: IncomingMessage,
  ): Promise<{ readonly verified: VerifiedRequest; readonly body: Buffer } | Said> {
    const { agreement, nonces, runtime } = this.options;
    try {
      const body = await readBody(request, MOST_BYTES);
      const message = {
        method: request.method ?? '',
        target: request.url ?? '',
        headers: request.headers,
        body,
      };
      const nowMs = epochMsOf(runtime.clock.now());
      const verified = await admitRequest(message, (keyId) => agreement.partnerKey(keyId), nonces, nowMs);
      return { verified, body };
    } catch (fault) {
      if (fault instanceof SignatureRefused) return { status: 401, body: { code: 'SIGNATURE_REFUSED' } };
      if (fault instanceof BodyRefused) return { status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } };
      return { status: 503, body: { code: 'UNAVAILABLE' } };
    }
  }

  async #said(
    { key, idempotencyKey }: VerifiedRequest,
    asked: { readonly method: string; readonly url: URL; readonly body: Buffer },
  ): Promise<Said | typeof NO_ANSWER | typeof SILENCE> {
    try {
      return await this.desk.serve({ ...asked, tenant: key.tenant, idempotencyKey });
    } catch {
      return { status: 500, body: { code: 'INTERNAL_SERVER_ERROR' } };
    }
  }

  #beSilent(request: IncomingMessage): void {
    const cancel = this.options.runtime.timers.after(SILENCE_MS, () => request.socket.destroy());
    request.socket.once('close', cancel);
  }
}

/** A page elsewhere whose name was made to mean this machine does not get to read the open pages. */
function isOwnName({ headers }: IncomingMessage): boolean {
  return /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? '');
}

function bytesOf({ body }: Said): Buffer {
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function send(
  response: ServerResponse,
  said: Said,
  headers: Readonly<Record<string, string>>,
  bytes: Buffer = bytesOf(said),
): void {
  response.writeHead(said.status, {
    ...headers,
    'content-type':
      typeof said.body === 'string' ? 'application/xml; charset=utf-8' : 'application/json; charset=utf-8',
    'content-length': bytes.length,
    'cache-control': 'no-store',
  });
  response.end(bytes);
}
