import { createHash, timingSafeEqual } from 'node:crypto';
import { ResponderBuilder, ServerInterceptingCall, ServerListenerBuilder, status } from '@grpc/grpc-js';
import type { Metadata, ServerInterceptor } from '@grpc/grpc-js';
import { accessDenied, failure } from './wire/failures.js';
import type { Failure } from './wire/failures.js';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** db-client asks for these before it sends credentials. They tell nothing about the data. */
const OPEN_SERVICES = [
  '/event_store.client.server_features.ServerFeatures/',
  '/event_store.client.gossip.Gossip/',
];

/** Lets calls through that carry the credentials; none: PERMISSION_DENIED, wrong ones: UNAUTHENTICATED, as EventStoreDB does. */
export function authenticate(credentials: Credentials): ServerInterceptor {
  const expected = digest(`${credentials.user}:${credentials.password}`);
  return (method, call) => {
    if (OPEN_SERVICES.some((service) => method.path.startsWith(service)))
      return new ServerInterceptingCall(call);
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        const refusal = refusalOf(metadata, expected);
        if (refusal)
          call.sendStatus({ code: refusal.code, details: refusal.details, metadata: refusal.metadata });
        else next(metadata);
      })
      .build();
    const responder = new ResponderBuilder().withStart((next) => next(listener)).build();
    return new ServerInterceptingCall(call, responder);
  };
}

function refusalOf(metadata: Metadata, expected: Buffer): Failure | undefined {
  const [header] = metadata.get('authorization');
  if (typeof header !== 'string' || header === '') return accessDenied();
  const [scheme = '', encoded = ''] = header.split(' ');
  if (scheme.toLowerCase() === 'basic' && timingSafeEqual(digest(decode(encoded)), expected))
    return undefined;
  return failure(status.UNAUTHENTICATED, 'The credentials are not valid.');
}

function decode(encoded: string): string {
  return Buffer.from(encoded, 'base64').toString('utf8');
}

/** Digests have one length, so that comparing them tells nothing about the secret's. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
