import type { Server } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import type { Commands, Queries } from './own-writes.js';
import type { GraphQLSchema } from 'graphql';
import type { Consumers } from '#libs/event-log/consumers/types.js';
import { DocumentGate } from '#libs/graphql/index.js';
import { type GatewayMetrics, gatewayMetrics } from '#libs/observability/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import type { TokenVerifier } from '#libs/security/adapters/tokens/verifier.js';
import type { GatewayContext } from './context.js';
import type { FaultLog } from './explain-error.js';
import type { SignedLinks } from './files/signed-links.js';
import { apolloServer } from './http/apollo.js';
import { Authentication } from './http/authentication.js';
import type { Route } from './http/front-door.js';
import { GraphqlEndpoint } from './http/graphql-endpoint.js';
import { PublicTurns } from './http/public-turns.js';
import { type LiveSources, LiveSignals } from './live/signals.js';
import { FIELD_WEIGHTS, publicSchema } from './schema.js';
import { Subscriptions } from './ws/subscriptions.js';

export interface GatewayOptions {
  readonly production: boolean;
  readonly deadlineMs: number;
  readonly maxInFlight: number;
  readonly liveSources: LiveSources;
}

export interface GatewayParts {
  readonly commands: Commands;
  readonly queries: Queries;
  readonly consumers: Consumers;
  readonly runtime: Runtime;
  readonly verifier: TokenVerifier;
  readonly links: SignedLinks;
  readonly log: FaultLog;
}

/** GraphQL over HTTP and WebSocket, on top of the buses. */
export class Gateway {
  readonly schema: GraphQLSchema;
  readonly metrics: GatewayMetrics;
  readonly publicTurns: PublicTurns;
  readonly #apollo: ApolloServer<GatewayContext>;
  readonly #endpoint: GraphqlEndpoint;
  readonly #subscriptions: Subscriptions;
  readonly #signals: LiveSignals;

  constructor(parts: GatewayParts, options: GatewayOptions) {
    this.#signals = new LiveSignals(parts.consumers, options.liveSources, parts.runtime.timers);
    this.schema = publicSchema({ ...parts, signals: this.#signals });
    this.#apollo = apolloServer(this.schema, options.production, parts.log);
    this.metrics = gatewayMetrics(
      { inFlight: () => this.#endpoint.inFlight, subscriptions: () => this.#signals.watching },
      parts.consumers,
    );
    this.publicTurns = new PublicTurns(parts.runtime.clock);
    const authentication = new Authentication(parts.verifier);
    const gate = new DocumentGate(this.schema, undefined, FIELD_WEIGHTS);
    const common = { gate, authentication, runtime: parts.runtime, log: parts.log };
    this.#endpoint = new GraphqlEndpoint(
      { ...common, publicTurns: this.publicTurns, apollo: this.#apollo, answered: this.metrics.answered },
      options,
    );
    this.#subscriptions = new Subscriptions({ ...common, schema: this.schema });
  }

  /** Call before the first request. */
  async start(server: Server): Promise<void> {
    await this.#apollo.start();
    this.#subscriptions.attach(server);
  }

  routes(): readonly Route[] {
    return [
      {
        prefix: '/graphql',
        methods: ['POST'],
        handle: (request, response) => this.#endpoint.handle(request, response),
      },
    ];
  }

  /** Ends subscriptions and waits for requests under way; new ones must no longer come in. */
  async drain(): Promise<void> {
    await this.#subscriptions.close();
    await this.#endpoint.idle();
  }

  async close(): Promise<void> {
    this.#signals.close();
    await this.#apollo.stop();
  }
}
