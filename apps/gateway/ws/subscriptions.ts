import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  type ExecutionArgs,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationTypeNode,
  getOperationAST,
  parse,
  validate,
} from 'graphql';
import type { Context, SubscribePayload } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { type DocumentGate, protocolError } from '#libs/graphql/index.js';
import { epochMsOf } from '#libs/kernel/time/index.js';
import type { Cancel, Runtime } from '#libs/runtime/port/index.js';
import type { VerifiedToken } from '#libs/security/adapters/tokens/verifier.js';
import { GatewayContext } from '../context.js';
import { type FaultLog, explainError } from '../explain-error.js';
import type { Authentication } from '../http/authentication.js';
import { preferredLanguage } from '../i18n/index.js';

/** Per connection and in all. */
const MAX_SUBSCRIPTIONS = 20;
const MAX_CONNECTIONS = 2_000;
/** A subscription's document and variables. */
const MAX_MESSAGE_BYTES = 65_536;
const CONNECTION_INIT_MS = 5_000;
const KEEP_ALIVE_MS = 15_000;
/** Close codes of the graphql-transport-ws protocol. */
const UNAUTHORIZED = 4401;

export interface SubscriptionParts {
  readonly schema: GraphQLSchema;
  readonly gate: DocumentGate;
  readonly authentication: Authentication;
  readonly runtime: Runtime;
  readonly log: FaultLog;
}

type SocketState = {
  verified?: VerifiedToken;
  cancelExpiry?: Cancel;
};
type Params = { readonly authorization?: unknown; readonly Authorization?: unknown };
type Socket = Context<Params, Extra & SocketState>;

/** Live updates over graphql-ws at `/graphql`. Only subscriptions run here; queries and mutations are for HTTP. */
export class Subscriptions {
  readonly #sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  readonly #dispose: () => Promise<void> | void;
  #closed: Promise<void> | undefined;

  constructor(private readonly parts: SubscriptionParts) {
    const disposable = useServer<Params, SocketState>(
      {
        schema: parts.schema,
        connectionInitWaitTimeout: CONNECTION_INIT_MS,
        onConnect: (socket) => this.#connect(socket as Socket),
        onClose: (socket) => (socket as Socket).extra.cancelExpiry?.(),
        onSubscribe: (socket, _id, payload) => this.#open(socket as Socket, payload),
        onNext: (...[, , , args, result]) =>
          result.errors
            ? {
                ...result,
                errors: this.#present(result.errors, (args.contextValue as GatewayContext).traceId),
              }
            : undefined,
        onError: (_socket, _id, _payload, errors) => [
          ...this.#present(errors as readonly GraphQLError[], parts.runtime.ids.next()),
        ],
      },
      this.#sockets,
      KEEP_ALIVE_MS,
    );
    this.#dispose = () => disposable.dispose();
  }

  /** Takes over the upgrades of an HTTP server. */
  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const [path] = (request.url ?? '').split('?');
      if (path !== '/graphql' || this.#sockets.clients.size >= MAX_CONNECTIONS) {
        // With the upgrade the HTTP server lets go of the socket: a connection that breaks would end the process.
        socket.on('error', () => socket.destroy());
        socket.end(
          `HTTP/1.1 ${path === '/graphql' ? '503 Service Unavailable' : '404 Not Found'}\r\nconnection: close\r\n\r\n`,
        );
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (client) =>
        this.#sockets.emit('connection', client, request),
      );
    });
  }

  /** Ends every connection; clients reconnect elsewhere. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= Promise.resolve(this.#dispose());
    return this.#closed;
  }

  /** `false` closes the connection as forbidden. */
  async #connect({ connectionParams, extra }: Socket): Promise<boolean> {
    const header = connectionParams?.authorization ?? connectionParams?.Authorization;
    if (typeof header !== 'string') return false;
    try {
      extra.verified = await this.parts.authentication.ofHeader(header);
    } catch {
      return false;
    }
    const { clock, timers } = this.parts.runtime;
    const leftMs = extra.verified.expiresAtMs - epochMsOf(clock.now());
    // A timer holds at most 2^31 ms; a token that lives longer than a day is checked by its next connection.
    extra.cancelExpiry = timers.after(Math.min(leftMs, 86_400_000), () =>
      extra.socket.close(UNAUTHORIZED, 'Token expired'),
    );
    return true;
  }

  #open(socket: Socket, payload: SubscribePayload): ExecutionArgs | readonly GraphQLError[] {
    const { request, verified } = socket.extra;
    const context = new GatewayContext(
      this.parts.runtime.ids.next(),
      preferredLanguage(request.headers['accept-language']),
      verified?.caller,
    );
    try {
      if (Object.keys(socket.subscriptions).length > MAX_SUBSCRIPTIONS) {
        throw protocolError('OVERLOADED', `A connection holds at most ${MAX_SUBSCRIPTIONS} subscriptions.`);
      }
      this.parts.gate.admit(payload.query, payload.variables ?? undefined);
      return this.#executable(payload, context);
    } catch (fault) {
      return [explainError(fault, context.traceId, this.parts.log)];
    }
  }

  #executable(
    payload: SubscribePayload,
    contextValue: GatewayContext,
  ): ExecutionArgs | readonly GraphQLError[] {
    const document = parse(payload.query);
    const faults = validate(this.parts.schema, document);
    if (faults.length > 0) return faults;
    const operation = getOperationAST(document, payload.operationName);
    if (operation?.operation !== ('subscription' as OperationTypeNode)) {
      throw protocolError(
        'METHOD_NOT_ALLOWED',
        'Only subscriptions run over a WebSocket; send queries and mutations by POST.',
      );
    }
    return {
      schema: this.parts.schema,
      document,
      contextValue,
      operationName: payload.operationName ?? undefined,
      variableValues: payload.variables ?? undefined,
    };
  }

  #present(
    errors: readonly (GraphQLError | GraphQLFormattedError)[],
    traceId: string,
  ): readonly GraphQLError[] {
    return errors.map((error) => {
      const { http: _http, ...extensions } = error.extensions ?? {};
      const code = extensions.code ?? codeOfUncoded(error);
      if (code !== undefined)
        return withExtensions(error.message, error, {
          ...extensions,
          code,
          traceId: extensions.traceId ?? traceId,
        });
      return withExtensions('Something went wrong on our side.', error, {
        code: 'INTERNAL_SERVER_ERROR',
        traceId,
      });
    });
  }
}

/** graphql-js gives no codes: validation has places in the document and no path, variables name themselves. */
function codeOfUncoded(error: GraphQLError | GraphQLFormattedError): string | undefined {
  if (error.message.startsWith('Variable "$')) return 'BAD_USER_INPUT';
  return error.path === undefined && (error.locations?.length ?? 0) > 0
    ? 'GRAPHQL_VALIDATION_FAILED'
    : undefined;
}

function withExtensions(
  message: string,
  { path, locations }: GraphQLError | GraphQLFormattedError,
  extensions: Record<string, unknown>,
): GraphQLError {
  const error = new GraphQLError(message, { path, extensions });
  return Object.defineProperty(error, 'locations', { value: locations, enumerable: true });
}
