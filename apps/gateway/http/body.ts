import type { IncomingMessage } from 'node:http';
import { parseJsonStrictly, protocolError } from '#libs/graphql/index.js';

/** Largest request body, 1 MiB. Files go to the files endpoint. */
export const MAX_BODY_BYTES = 1_048_576;

export interface GraphqlBody {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

/** @throws GraphQLError `UNSUPPORTED_MEDIA_TYPE`, `PAYLOAD_TOO_LARGE`, `BAD_REQUEST` */
export async function readGraphqlBody(request: IncomingMessage): Promise<GraphqlBody> {
  assertPlainJson(request);
  return graphqlBodyOf(parseJsonStrictly(decode(await readBytes(request))));
}

/** Compressed bodies are refused, so that a small request cannot grow into a large one. */
function assertPlainJson({ headers }: IncomingMessage): void {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') {
    throw protocolError('UNSUPPORTED_MEDIA_TYPE', 'Send the operation as application/json.');
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw protocolError('UNSUPPORTED_MEDIA_TYPE', 'Send the body uncompressed.');
  }
  if (Number(headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge();
}

function tooLarge(): Error {
  return protocolError('PAYLOAD_TOO_LARGE', `A request body holds at most ${MAX_BODY_BYTES} bytes.`);
}

function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) {
        request.removeAllListeners('data').pause();
        reject(tooLarge());
      } else {
        chunks.push(chunk);
      }
    });
    request.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () => {
      // Every request closes in the end; an error made for nothing costs as much as the payment's own work.
      if (!request.complete) reject(protocolError('BAD_REQUEST', 'The body ended early.'));
    });
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw protocolError('BAD_REQUEST', 'The body is not UTF-8.', { reason: 'INVALID_TEXT' });
  }
}

function graphqlBodyOf(value: unknown): GraphqlBody {
  if (Array.isArray(value))
    throw protocolError('BAD_REQUEST', 'One operation per request; batches are not accepted.', {
      reason: 'BATCHED',
    });
  if (typeof value !== 'object' || value === null)
    throw protocolError('BAD_REQUEST', 'The body is a JSON object.');
  const { query, variables, operationName } = value as Record<string, unknown>;
  if (typeof query !== 'string')
    throw protocolError('BAD_REQUEST', 'The field query holds the operation as text.');
  if (
    variables !== undefined &&
    variables !== null &&
    (typeof variables !== 'object' || Array.isArray(variables))
  ) {
    throw protocolError('BAD_REQUEST', 'The field variables is an object.');
  }
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') {
    throw protocolError('BAD_REQUEST', 'The field operationName is text.');
  }
  return {
    query,
    ...(variables ? { variables: variables as Record<string, unknown> } : {}),
    ...(operationName ? { operationName } : {}),
  };
}
