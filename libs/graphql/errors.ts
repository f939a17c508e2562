import { GraphQLError } from 'graphql';

/** Every value of `extensions.code` that a client can meet in `errors[]`, beside the codes of malformed input. */
export const PROTOCOL_ERRORS = {
  BAD_REQUEST: 400,
  BAD_USER_INPUT: 400,
  AS_OF_NOT_PROJECTED: 400,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  DOCUMENT_TOO_COMPLEX: 400,
  UNAUTHENTICATED: 401,
  METHOD_NOT_ALLOWED: 405,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  TOO_MANY_REQUESTS: 429,
  INTERNAL_SERVER_ERROR: 500,
  OVERLOADED: 503,
  UNAVAILABLE: 503,
  OUTCOME_UNKNOWN: 504,
  DEADLINE_EXCEEDED: 504,
} as const;

export type ProtocolErrorCode = keyof typeof PROTOCOL_ERRORS;

export function httpStatusOf(code: string): number {
  return PROTOCOL_ERRORS[code as ProtocolErrorCode] ?? 400;
}

/** A fault in `errors[]` as opposed to a business refusal. Apollo answers with the HTTP status of the code. */
export function protocolError(
  code: ProtocolErrorCode,
  message: string,
  extensions: Readonly<Record<string, unknown>> = {},
): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code, ...extensions, http: { status: PROTOCOL_ERRORS[code] } },
  });
}

/** Input that fits the schema's shape but not its meaning, such as an id of another kind. */
export function badInput(code: string, message: string, path: readonly string[] = []): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code, inputPath: path.length > 0 ? path : undefined, http: { status: 400 } },
  });
}
