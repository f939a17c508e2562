import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Commands, Queries } from '../own-writes.js';
import type { DecodedEvent } from '#libs/event-log/codec/types.js';
import type { Consumers } from '#libs/event-log/consumers/types.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { mintDemoToken } from '#libs/security/adapters/issuer/demo-token.js';
import { obtainIssuerKeys, trustIn } from '#libs/security/adapters/issuer/keys.js';
import { tokenVerifier } from '#libs/security/adapters/tokens/verifier.js';
import { SignedLinks } from '../files/signed-links.js';
import { Gateway, type GatewayOptions } from '../gateway.js';
import { FrontDoor } from '../http/front-door.js';

/** Contexts played by functions, by the class of the command or query. */
export type Script = readonly (readonly [
  abstract new (...args: never) => object,
  (message: never) => unknown,
])[];

export interface ScriptedGateway {
  readonly url: string;
  readonly gateway: Gateway;
  readonly faults: readonly { readonly traceId: string; readonly fault: unknown }[];
  token(username: string, lifetimeSeconds?: number): Promise<string>;
  /** Posts an operation; the text of the answer is kept, so that tests can look for leaks. */
  post(
    operation: object,
    options?: { readonly token?: string; readonly headers?: Record<string, string> },
  ): Promise<Answered>;
  /** Bytes and headers as given. */
  raw(body: RequestInit['body'], headers?: Record<string, string>, method?: string): Promise<Answered>;
  /** A projection has committed these. */
  applied(projection: string, events: readonly DecodedEvent[]): void;
  close(): Promise<void>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: {
    readonly data?: Record<string, unknown> | null;
    readonly errors?: readonly GraphqlFault[];
  };
  readonly tookMs: number;
}

export interface GraphqlFault {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: {
    readonly code: string;
    readonly traceId?: string;
    readonly limit?: string;
    readonly reason?: string;
  };
}

function playedBy(script: Script): { execute(message: object): unknown } {
  const parts = new Map<unknown, (message: never) => unknown>(script);
  return {
    execute(message) {
      const play = parts.get(message.constructor);
      if (!play) throw new Error(`The script has no part for ${message.constructor.name}.`);
      return play(message as never);
    },
  };
}

async function answered(url: string, init: RequestInit): Promise<Answered> {
  const startedMs = performance.now();
  const response = await fetch(url, init);
  const text = await response.text();
  const tookMs = performance.now() - startedMs;
  const json = text.startsWith('{') ? (JSON.parse(text) as Answered['json']) : {};
  return { status: response.status, headers: response.headers, text, json, tookMs };
}

/** The gateway on a free port of the loopback interface, with the real HTTP server, schema and tokens, and scripted contexts. */
export async function scriptedGateway(
  script: Script,
  options: Partial<GatewayOptions> = {},
): Promise<ScriptedGateway> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sluice-gateway-'));
  const runtime = systemRuntime();
  const front = new FrontDoor({ port: 0, allowedOrigins: [] });
  const url = `http://127.0.0.1:${await front.listen()}`;
  const listeners = new Set<Parameters<Consumers['onApplied']>[0]>();
  const faults: { readonly traceId: string; readonly fault: unknown }[] = [];
  const consumers = {
    status: () => [],
    onApplied: (listener: Parameters<Consumers['onApplied']>[0]) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  } as unknown as Consumers;
  const gateway = new Gateway(
    {
      commands: playedBy(script) as unknown as Commands,
      queries: playedBy(script) as unknown as Queries,
      consumers,
      runtime,
      verifier: tokenVerifier(trustIn(await obtainIssuerKeys(dataDir, `${url}/oidc`)), runtime.clock),
      links: new SignedLinks('secret', url, runtime.clock),
      log: (traceId, fault) => void faults.push({ traceId, fault }),
    },
    {
      production: false,
      deadlineMs: 2_000,
      maxInFlight: 64,
      liveSources: { bill: 'bills', payment: 'payments', import: 'imports' },
      ...options,
    },
  );
  await gateway.start(front.server);
  front.open(gateway.routes());
  const raw: ScriptedGateway['raw'] = (
    body,
    headers = { 'content-type': 'application/json' },
    method = 'POST',
  ) => answered(`${url}/graphql`, { method, headers, body });
  return {
    url,
    gateway,
    faults,
    raw,
    token: (username, lifetimeSeconds) => mintDemoToken(username, { dataDir, lifetimeSeconds }),
    post: (operation, { token, headers = {} } = {}) =>
      raw(JSON.stringify(operation), {
        'content-type': 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...headers,
      }),
    applied: (projection, events) => listeners.forEach((listener) => listener(projection, events)),
    async close() {
      const closed = front.close();
      await gateway.drain();
      front.server.closeAllConnections();
      await closed;
      await gateway.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
