import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { type DocumentGate, httpStatusOf, protocolError } from '#libs/graphql/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { GatewayContext, unauthenticated } from '../context.js';
import { type FaultLog, explainError } from '../explain-error.js';
import { preferredLanguage } from '../i18n/index.js';
import type { Authentication } from './authentication.js';
import { type GraphqlBody, readGraphqlBody } from './body.js';
import { clientAddress } from './client-address.js';
import { asksInPublic } from './public-fields.js';
import type { PublicTurns } from './public-turns.js';

export interface EndpointOptions {
  readonly production: boolean;
  /** From the first byte to the answer, milliseconds. */
  readonly deadlineMs: number;
  /** Requests answered at the same time; more are told to come back. */
  readonly maxInFlight: number;
}

export interface EndpointParts {
  readonly apollo: ApolloServer<GatewayContext>;
  readonly gate: DocumentGate;
  readonly authentication: Authentication;
  readonly publicTurns: PublicTurns;
  readonly runtime: Runtime;
  readonly log: FaultLog;
  /** Told of every answer. */
  answered(status: number, durationMs: number): void;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const RESPONSE_TYPE = 'application/graphql-response+json';
/** Apollo sees the request as we have checked it, not as it came. */
const asJson = new HeaderMap([
  ['content-type', 'application/json'],
  ['accept', 'application/json'],
]);
const asResponse = new HeaderMap([
  ['content-type', 'application/json'],
  ['accept', RESPONSE_TYPE],
]);

/** `POST /graphql`. Sits directly on Node's HTTP server: Express and Nest's pipeline cost as much as the execution. */
export class GraphqlEndpoint {
  #inFlight = 0;
  #idle: (() => void) | undefined;

  constructor(
    private readonly parts: EndpointParts,
    private readonly options: EndpointOptions,
  ) {}

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Resolves when no request is being worked on. */
  async idle(): Promise<void> {
    if (this.#inFlight > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const startedMs = this.parts.runtime.clock.monotonicMs();
    void this.#answer(request).then((answer) => {
      this.#send(request, response, answer);
      this.parts.answered(answer.status, this.parts.runtime.clock.monotonicMs() - startedMs);
    });
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const traceId = this.parts.runtime.ids.next();
    try {
      if (this.#inFlight >= this.options.maxInFlight)
        throw protocolError('OVERLOADED', 'Too much is going on; try again shortly.');
      return await this.#withinDeadline(this.#counted(request, traceId));
    } catch (fault) {
      return errorAnswer(explainError(fault, traceId, this.parts.log));
    }
  }

  /** Work past its deadline still counts: it holds memory and stores until it ends. */
  async #counted(request: IncomingMessage, traceId: string): Promise<Answer> {
    this.#inFlight += 1;
    try {
      return await this.#execute(request, traceId);
    } finally {
      this.#inFlight -= 1;
      if (this.#inFlight === 0) this.#idle?.();
    }
  }

  async #execute(request: IncomingMessage, traceId: string): Promise<Answer> {
    const verified = await this.parts.authentication.ofRequest(request);
    const body = await readGraphqlBody(request);
    this.parts.gate.admit(body.query, body.variables);
    // Elsewhere the schema itself may be read without signing in.
    if (!verified && this.options.production && !asksInPublic(body.query)) throw unauthenticated();
    const context = new GatewayContext(
      traceId,
      preferredLanguage(request.headers['accept-language']),
      verified?.caller,
      () => this.parts.publicTurns.take(clientAddress(request)),
    );
    return answerOf(await this.#run(request, body, context));
  }

  #run(request: IncomingMessage, body: GraphqlBody, context: GatewayContext): Promise<HTTPGraphQLResponse> {
    const headers = request.headers.accept?.includes(RESPONSE_TYPE) ? asResponse : asJson;
    return this.parts.apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: 'POST', headers, search: '', body },
      context: () => Promise.resolve(context),
    });
  }

  async #withinDeadline(work: Promise<Answer>): Promise<Answer> {
    let cancel: (() => void) | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      cancel = this.parts.runtime.timers.after(this.options.deadlineMs, () =>
        reject(
          protocolError(
            'DEADLINE_EXCEEDED',
            'This took too long. Whether it took effect is not known; repeat it with the same idempotencyKey.',
          ),
        ),
      );
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      cancel?.();
    }
  }

  #send(request: IncomingMessage, response: ServerResponse, { status, type, body }: Answer): void {
    if (response.headersSent || response.destroyed) return;
    const headers: Record<string, string | number> = {
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    };
    if (status === 503) headers['retry-after'] = '1';
    if (status === 401) headers['www-authenticate'] = 'Bearer';
    // What is left of a refused body is not read: the connection is of no more use.
    if (!request.complete) headers.connection = 'close';
    response.writeHead(status, headers);
    response.end(body);
  }
}

function answerOf(response: HTTPGraphQLResponse): Answer {
  // `@defer` is not in the schema, so that every body is complete.
  const body = response.body.kind === 'complete' ? response.body.string : '';
  return { status: response.status ?? 200, type: response.headers.get('content-type') ?? JSON_TYPE, body };
}

function errorAnswer(error: GraphQLError): Answer {
  const { http: _http, ...extensions } = error.extensions;
  const body = JSON.stringify({
    errors: [{ message: error.message, locations: error.locations, extensions }],
  });
  return { status: httpStatusOf(String(error.extensions.code)), type: JSON_TYPE, body };
}
