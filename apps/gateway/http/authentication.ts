import type { IncomingMessage } from 'node:http';
import {
  IssuerUnavailable,
  TokenRefused,
  type TokenVerifier,
  type VerifiedToken,
} from '#libs/security/adapters/tokens/verifier.js';
import { protocolError } from '#libs/graphql/index.js';
import { unauthenticated } from '../context.js';

const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i;

/** Proves who asks. Without a token nobody is asked: public parts of the schema need none. */
export class Authentication {
  constructor(private readonly verifier: TokenVerifier) {}

  /** @throws GraphQLError `UNAUTHENTICATED`, `UNAVAILABLE` */
  ofRequest(request: IncomingMessage): VerifiedToken | undefined | Promise<VerifiedToken> {
    const header = request.headers.authorization;
    return header === undefined ? undefined : this.ofHeader(header);
  }

  /** @param header value of an Authorization header. @throws GraphQLError `UNAUTHENTICATED`, `UNAVAILABLE` */
  ofHeader(header: string): VerifiedToken | Promise<VerifiedToken> {
    const token = BEARER.exec(header)?.[1];
    if (!token) throw unauthenticated();
    return this.verifier.known(token) ?? this.#verify(token);
  }

  async #verify(token: string): Promise<VerifiedToken> {
    try {
      return await this.verifier.verify(token);
    } catch (fault) {
      if (fault instanceof TokenRefused) {
        throw unauthenticated(
          fault.reason === 'expired'
            ? 'The access token has expired; sign in again.'
            : 'The access token is not valid.',
        );
      }
      if (fault instanceof IssuerUnavailable)
        throw protocolError('UNAVAILABLE', 'The issuer of the token does not answer.');
      throw fault;
    }
  }
}
