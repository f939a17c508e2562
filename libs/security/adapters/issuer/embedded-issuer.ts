import type { IncomingMessage, ServerResponse } from 'node:http';
import type {
  Account,
  ClientMetadata,
  Configuration,
  default as Provider,
  interactionPolicy,
} from 'oidc-provider';
import { DEMO_USERS, type DemoUser } from '../demo/demo-directory.js';
import { AUDIENCE } from '../tokens/verifier.js';
import { accessClaims, assertDemoAllowed } from './demo-token.js';
import { ISSUER_ALGORITHM, type IssuerKeys } from './keys.js';
import { signIn } from './sign-in.js';
import { SessionStore } from './session-store.js';

/** Public client of everything that runs in a browser or on a desk: no secret, so PKCE. */
export const DEMO_CLIENT_ID = 'sluice-console';
const ACCESS_TOKEN_S = 8 * 3_600;
const SESSION_S = 8 * 3_600;

export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface EmbeddedIssuerOptions {
  readonly issuer: string;
  readonly keys: IssuerKeys;
  /** Path below which `handle` is mounted, `/oidc`. */
  readonly mountPath: string;
  /** Origins, beside loopback, whose pages may sign people in. */
  readonly redirectOrigins?: readonly string[];
}

function accountOf(accountId: string): DemoUser | undefined {
  return DEMO_USERS.find((user) => user.accountId === accountId);
}

/**
 * The issuer of the demo: OpenID Connect with authorization code and PKCE, its users and passwords public.
 * Loaded at the first request, because most programs bring a token along and the library takes long to load.
 *
 * @throws Error when NODE_ENV=production
 */
export function embeddedIssuer(options: EmbeddedIssuerOptions): HttpHandler {
  assertDemoAllowed();
  let loading: Promise<HttpHandler> | undefined;
  return (request, response) => {
    loading ??= load(options);
    loading.then(
      (handle) => handle(request, response),
      () => response.writeHead(503, { 'retry-after': '5' }).end(),
    );
  };
}

async function load(options: EmbeddedIssuerOptions): Promise<HttpHandler> {
  const { default: OidcProvider, interactionPolicy } = await import('oidc-provider');
  const policy = interactionPolicy.base();
  // Would ask for consent at every sign-in of a native client; the one client is our own.
  policy.get('consent')?.checks.remove('native_client_prompt');
  const provider = new OidcProvider(options.issuer, configuration(options, policy));
  const callback = provider.callback();
  const signInPath = `${options.mountPath}/sign-in/`;
  return (request, response) => {
    const url = request.url ?? '/';
    if (url.startsWith(signInPath)) {
      // Who breaks off in the middle of the form must not end the process.
      signIn(provider, request, response).catch(() => response.destroy());
      return;
    }
    // The provider finds its mount path by comparing the two.
    Object.assign(request, { originalUrl: url, url: url.slice(options.mountPath.length) || '/' });
    void callback(request, response);
  };
}

function configuration(
  { keys, mountPath, redirectOrigins = [] }: EmbeddedIssuerOptions,
  policy: interactionPolicy.DefaultPolicy,
): Configuration {
  return {
    adapter: SessionStore,
    jwks: { keys: [keys.jwk as never] },
    cookies: {
      keys: [keys.cookieSecret],
      short: { path: '/', sameSite: 'lax' },
      long: { path: '/', sameSite: 'lax' },
    },
    clients: [consoleClient(redirectOrigins)],
    pkce: { required: () => true },
    scopes: ['openid'],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'person', 'tenant', 'org', 'roles'] },
    responseTypes: ['code'],
    clientAuthMethods: ['none'],
    enabledJWA: { idTokenSigningAlgValues: [ISSUER_ALGORITHM] },
    interactions: { policy, url: (_context, interaction) => `${mountPath}/sign-in/${interaction.uid}` },
    clientBasedCORS: (_context, origin) => isLoopback(origin) || redirectOrigins.includes(origin),
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'openid',
          audience: AUDIENCE,
          accessTokenTTL: ACCESS_TOKEN_S,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: ISSUER_ALGORITHM } },
        }),
      },
    },
    findAccount: (_context, accountId) => accountFor(accountId),
    extraTokenClaims: (_context, token) => {
      const user = 'accountId' in token && token.accountId ? accountOf(token.accountId) : undefined;
      return user ? accessClaims(user) : undefined;
    },
    loadExistingGrant: grantEverything,
    expiresWithSession: () => false,
    ttl: {
      AccessToken: ACCESS_TOKEN_S,
      AuthorizationCode: 60,
      Grant: SESSION_S,
      IdToken: 3_600,
      Interaction: 900,
      Session: SESSION_S,
    },
    renderError: (context, out) => {
      context.type = 'text/plain; charset=utf-8';
      context.body = `登录没有完成，请返回重试。\nSigning in did not work; please go back and try again.\n\n${out.error}: ${out.error_description ?? ''}\n`;
    },
  };
}

function consoleClient(redirectOrigins: readonly string[]): ClientMetadata {
  return {
    client_id: DEMO_CLIENT_ID,
    // Native clients may come back to any port of the loopback interface (RFC 8252, 7.3).
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    redirect_uris: ['http://localhost', 'http://127.0.0.1', ...redirectOrigins].map(
      (origin) => `${origin}/signed-in`,
    ),
    id_token_signed_response_alg: ISSUER_ALGORITHM,
  };
}

function accountFor(accountId: string): Account | undefined {
  const user = accountOf(accountId);
  if (!user) return undefined;
  const names = { sub: accountId, name: user.nameZh, preferred_username: user.username };
  return { accountId, claims: () => ({ ...names, ...accessClaims(user) }) };
}

function isLoopback(origin: string): boolean {
  return /^http:\/\/(localhost|127\.0\.0\.1)(:\d{1,5})?$/.test(origin);
}

/** The one client is our own: people are asked to sign in, not to consent. */
const grantEverything: Configuration['loadExistingGrant'] = async (context) => {
  const { client, session, result } = context.oidc;
  const clientId = client?.clientId;
  const accountId = session?.accountId;
  if (!clientId || !accountId) return undefined;
  const grants = (context.oidc.provider as Provider).Grant;
  const grantId = result?.consent?.grantId ?? session.grantIdFor(clientId);
  const existing = grantId ? await grants.find(grantId) : undefined;
  if (existing) return existing;
  const grant = new grants({ clientId, accountId });
  grant.addOIDCScope('openid profile');
  grant.addResourceScope(AUDIENCE, 'openid');
  await grant.save();
  return grant;
};
