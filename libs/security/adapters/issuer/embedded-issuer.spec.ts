import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '#libs/runtime/system/index.js';
import { externalIssuer } from '../tokens/external-issuer.js';
import { type TrustedIssuer, tokenVerifier } from '../tokens/verifier.js';
import { DEMO_CLIENT_ID, type HttpHandler, embeddedIssuer } from './embedded-issuer.js';
import { obtainIssuerKeys, trustIn } from './keys.js';

let server: Server;
let origin: string;
let dataDir: string;
let trusted: TrustedIssuer;
let handle: HttpHandler;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sluice-issuer-'));
  server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const keys = await obtainIssuerKeys(dataDir, `${origin}/oidc`);
  trusted = trustIn(keys);
  handle = embeddedIssuer({ issuer: `${origin}/oidc`, keys, mountPath: '/oidc' });
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(dataDir, { recursive: true, force: true });
});

/** A browser as far as signing in needs one: keeps cookies, follows no redirect by itself. */
function browser() {
  const cookies = new Map<string, string>();
  return async (url: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(new URL(url, origin), {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, cookie },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  };
}

const form = (fields: Record<string, string>): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(fields),
});
const location = (response: Response): string =>
  response.headers.get('location') ?? `no redirect: ${response.status}`;

interface Flow {
  readonly username?: string;
  readonly password?: string;
  readonly redirectUri?: string;
  readonly challenge?: Record<string, string>;
}

function authorisation(
  verifier: string,
  { redirectUri = `${origin}/signed-in`, challenge }: Flow = {},
): string {
  const pkce = challenge ?? {
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  return `/oidc/auth?${new URLSearchParams({ client_id: DEMO_CLIENT_ID, response_type: 'code', scope: 'openid', redirect_uri: redirectUri, state: 's', ...pkce })}`;
}

/** The way to a code: authorise, sign in, come back. */
async function codeFor(verifier: string, flow: Flow): Promise<string> {
  const go = browser();
  const page = location(await go(authorisation(verifier, flow)));
  const shown = await go(page);
  expect(shown.status).toBe(200);
  const { username = 'bursar', password = 'bursar-demo' } = flow;
  let next = await go(page, form({ username, password }));
  for (let hop = 0; hop < 5 && next.status >= 300 && next.status < 400; hop += 1) {
    const target = new URL(location(next), origin);
    if (target.pathname === '/signed-in')
      return target.searchParams.get('code') ?? `refused: ${target.search}`;
    next = await go(target.href);
  }
  return `no code: ${next.status}`;
}

const exchange = (code: string, verifier: string): Promise<Response> =>
  fetch(
    `${origin}/oidc/token`,
    form({
      grant_type: 'authorization_code',
      client_id: DEMO_CLIENT_ID,
      code,
      redirect_uri: `${origin}/signed-in`,
      code_verifier: verifier,
    }),
  );

describe('the embedded issuer', () => {
  it('lets a demo user sign in by code and PKCE, with a token that the gateway accepts', async () => {
    const verifier = randomBytes(32).toString('base64url');
    const code = await codeFor(verifier, {});
    const response = await exchange(code, verifier);
    if (response.status !== 200) throw new Error(`${code} ${await response.text()}`);
    const { access_token: token, token_type: type } = (await response.json()) as {
      access_token: string;
      token_type: string;
    };
    expect(type).toBe('Bearer');
    const verified = await tokenVerifier(trusted, systemClock).verify(token);
    expect(verified.caller).toEqual({
      accountId: 'demo-bursar',
      personId: 'demo-person-bursar',
      tenant: 'demo-bank',
      organisation: 'school-2',
      roles: ['bursar'],
    });
  });

  it('survives a browser that breaks off in the middle of the form', async () => {
    const asked = await fetch(`${origin}${authorisation('v'.repeat(43))}`, { redirect: 'manual' });
    const cookie = asked.headers.getSetCookie().map((line) => line.split(';')[0]);
    const page = new URL(location(asked), origin);
    const faults: unknown[] = [];
    const unhandled = (fault: unknown): void => void faults.push(fault);
    process.on('unhandledRejection', unhandled);
    const socket = connect(Number(page.port), '127.0.0.1');
    await once(socket, 'connect');
    const head = ['host: a', `cookie: ${cookie.join('; ')}`, 'content-length: 1000'];
    socket.write(`POST ${page.pathname} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\nusername=`);
    await sleep(100);
    socket.destroy();
    await sleep(100);
    process.off('unhandledRejection', unhandled);
    expect(faults).toEqual([]);
    expect((await fetch(`${origin}/oidc/.well-known/openid-configuration`)).status).toBe(200);
  });

  it('is found by discovery like any other issuer', async () => {
    const found = await externalIssuer(`${origin}/oidc`);
    expect(found.issuers).toEqual([`${origin}/oidc`]);
    const verifier = randomBytes(32).toString('base64url');
    const tokens = (await (
      await exchange(await codeFor(verifier, { username: 'payer', password: 'payer-demo' }), verifier)
    ).json()) as { access_token: string };
    expect((await tokenVerifier(found, systemClock).verify(tokens.access_token)).caller.roles).toEqual([
      'payer',
    ]);
    await expect(externalIssuer(`${origin}/elsewhere`)).rejects.toThrow('did not answer');
  });

  it('gives nothing for a code stolen, used twice, or asked for without PKCE', async () => {
    const verifier = randomBytes(32).toString('base64url');
    const code = await codeFor(verifier, {});
    expect((await exchange(code, randomBytes(32).toString('base64url'))).status).toBe(400);
    const second = await codeFor(verifier, {});
    expect((await exchange(second, verifier)).status).toBe(200);
    expect((await exchange(second, verifier)).status).toBe(400);
    const go = browser();
    const unproved: Record<string, string>[] = [
      {},
      { code_challenge: verifier, code_challenge_method: 'plain' },
    ];
    for (const challenge of unproved) {
      const refused = new URL(location(await go(authorisation(verifier, { challenge }))), origin);
      expect([refused.pathname, refused.searchParams.get('error')]).toEqual([
        '/signed-in',
        'invalid_request',
      ]);
    }
  });

  it('sends nobody to an address it does not know', async () => {
    for (const redirectUri of [
      'https://evil.example/signed-in',
      'http://localhost.evil.example/signed-in',
      `${origin}/elsewhere`,
    ]) {
      const refused = await browser()(authorisation('v'.repeat(43), { redirectUri }));
      expect([redirectUri, refused.status, refused.headers.get('location')]).toEqual([
        redirectUri,
        400,
        null,
      ]);
    }
  });

  it('asks again after a wrong password, and says so in two languages', async () => {
    const go = browser();
    const page = location(await go(authorisation('v'.repeat(43))));
    for (const fields of [
      { username: 'bursar', password: 'guess' },
      { username: 'nobody', password: 'nobody-demo' },
      {},
    ]) {
      const answer = await go(page, form(fields as Record<string, string>));
      expect(answer.status).toBe(401);
      expect(await answer.text()).toContain('账号或密码不对，请再试一次。Account or password is wrong');
    }
    expect((await browser()(page)).status).toBe(400);
  });

  it('does not exist in production', () => {
    const before = process.env.NODE_ENV;
    process.env.NODE_ENV = 'production';
    try {
      expect(() => embeddedIssuer({ issuer: origin, keys: {} as never, mountPath: '/oidc' })).toThrow(
        'not available in production',
      );
    } finally {
      process.env.NODE_ENV = before;
    }
  });
});
