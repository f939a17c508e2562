import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLFormattedError, GraphQLSchema } from 'graphql';
import { DEFAULT_LIMITS } from '#libs/graphql/index.js';
import type { GatewayContext } from '../context.js';
import type { FaultLog } from '../explain-error.js';

const MASKED = 'Something went wrong on our side.';

/** Every error names its trace; what the executor itself found wrong has not passed `explainError`. */
function tracing(log: FaultLog): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didEncounterErrors({ errors, contextValue: { traceId } }) {
          for (const error of errors) {
            if (error.extensions.traceId === undefined && error.extensions.code === undefined)
              log(traceId, error);
            error.extensions.traceId = traceId;
          }
          return Promise.resolve();
        },
      }),
  };
}

function presentError(error: GraphQLFormattedError): GraphQLFormattedError {
  return error.extensions?.code === 'INTERNAL_SERVER_ERROR' ? { ...error, message: MASKED } : error;
}

/** Apollo Server as the engine only: transport, limits and masks around it are ours; nothing is reported to anybody. */
export function apolloServer(
  schema: GraphQLSchema,
  production: boolean,
  log: FaultLog,
): ApolloServer<GatewayContext> {
  return new ApolloServer<GatewayContext>({
    schema,
    introspection: !production,
    // In production neither suggestions nor names of the schema in messages.
    hideSchemaDetailsFromClientErrors: production,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: DEFAULT_LIMITS.tokens },
    formatError: presentError,
    plugins: [
      tracing(log),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
    ],
  });
}
