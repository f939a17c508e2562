import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Person, ShopFloor } from './shop-floor.js';
import { openSchool } from './tuition-acts.js';

let floor: ShopFloor;
let bursar: Person;
beforeAll(async () => {
  floor = await ShopFloor.open();
  bursar = await floor.person('bursar');
  await openSchool(await floor.person('bd'), bursar, 'school-2');
});
afterAll(() => floor.close());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${floor.url}${path}`, { headers, redirect: 'manual' });

describe('pages', () => {
  it('greet in the reader’s language and load nothing from elsewhere', async () => {
    for (const path of ['/', '/graphql', '/signed-in']) {
      const chinese = await get(path, { accept: 'text/html' });
      const english = await get(path, { accept: 'text/html', 'accept-language': 'en' });
      const html = await chinese.text();
      expect([
        path,
        chinese.status,
        html.includes('lang="zh-CN"'),
        (await english.text()).includes('lang="en-US"'),
      ]).toEqual([path, 200, true, true]);
      expect(html).not.toMatch(/(src|href)="https?:/);
      expect(chinese.headers.get('content-security-policy')).toContain(
        "default-src 'none'; script-src 'self'",
      );
      expect(chinese.headers.get('x-powered-by')).toBeNull();
    }
    for (const asset of ['/assets/page.js', '/assets/page.css']) expect((await get(asset)).status).toBe(200);
  });

  it('leave GET /graphql to browsers', async () => {
    const answer = await get('/graphql?query={__typename}');
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('say 404 without a stack', async () => {
    for (const path of [
      '/nothing',
      '/files/../../etc/passwd',
      '/health',
      '/assets/none.js',
      '/%00',
      '/%E0%A4%A',
    ]) {
      const answer = await get(path);
      const text = await answer.text();
      expect([
        path,
        answer.status < 500 && answer.status >= 400,
        /\bat .*\(|node_modules|\.js:\d/.test(text),
      ]).toEqual([path, true, false]);
    }
  });
});

describe('probes', () => {
  it('tell live, ready and figures', async () => {
    expect(await (await get('/health/live')).json()).toEqual({ status: 'ok' });
    expect(await (await get('/health/ready')).json()).toEqual({ status: 'ok' });
    await bursar.ask('{ me { accountId } }');
    const figures = await (await get('/metrics')).text();
    expect(figures).toMatch(/^sluice_graphql_request_seconds_count\{status="200"\} [1-9]/m);
    expect(figures).toMatch(/^sluice_consumer_lag_seconds\{consumer="bills"\} /m);
  });

  it('let no other origin in unless told to', async () => {
    const answer = await fetch(`${floor.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('files', () => {
  const upload = () =>
    bursar.act<{ readonly url: string; readonly maxBytes: number }>(
      'createUpload',
      { fileName: 'a.csv' },
      '... on Upload { url maxBytes }',
    );
  const put = async (
    url: string,
    body: RequestInit['body'],
    headers: Record<string, string> = {},
  ): Promise<readonly unknown[]> => {
    const answer = await fetch(url, { method: 'PUT', body, headers });
    return [answer.status, ((await answer.json()) as { readonly code?: string }).code];
  };

  it('come in once, by the link they were given', async () => {
    const { url } = await upload();
    expect(await put(url.replace(/token=.*/, 'token=x.y'), 'a')).toEqual([404, 'LINK_INVALID']);
    expect(await put(url.replace(/token=.*/, ''), 'a')).toEqual([404, 'LINK_INVALID']);
    expect(await put(`${url}&token=x`, 'a')).toEqual([404, 'LINK_INVALID']);
    expect(
      await put(
        (await upload()).url.replace(/uploads\/[^?]*/, new URL(url).pathname.slice('/files/'.length)),
        'a',
      ),
    ).toEqual([404, 'LINK_INVALID']);
    expect(await put(url, 'a,b\n')).toEqual([201, undefined]);
    expect(await put(url, 'other')).toEqual([409, 'ALREADY_UPLOADED']);
  });

  it('come in no larger than announced', async () => {
    const { url, maxBytes } = await upload();
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sending = request(
        url,
        { method: 'PUT', headers: { 'content-length': maxBytes + 1 } },
        (answer) => {
          resolve(answer.statusCode);
          sending.destroy();
        },
      );
      sending.on('error', reject);
      sending.flushHeaders();
    });
    expect(status).toBe(413);
    expect(await put(url, 'a,b\n')).toEqual([201, undefined]);
  });
});

describe('signing in', () => {
  it('works by code and PKCE, from the page to a query', async () => {
    const cookies = new Map<string, string>();
    const go = async (url: string, init: RequestInit = {}): Promise<Response> => {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(new URL(url, floor.url), {
        ...init,
        redirect: 'manual',
        headers: { cookie },
      });
      for (const line of response.headers.getSetCookie())
        cookies.set(line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).split(';')[0] ?? '');
      return response;
    };
    const verifier = randomBytes(32).toString('base64url');
    const redirectUri = `${floor.url}/signed-in`;
    const discovery = (await (await go('/oidc/.well-known/openid-configuration')).json()) as Record<
      string,
      string
    >;
    const query = new URLSearchParams({
      client_id: 'sluice-console',
      response_type: 'code',
      scope: 'openid',
      redirect_uri: redirectUri,
      state: 's',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    const page = (await go(`${discovery.authorization_endpoint}?${query}`)).headers.get('location') ?? '';
    expect(await (await go(page)).text()).toContain('示范财务甲');
    let next = await go(page, {
      method: 'POST',
      body: new URLSearchParams({ username: 'clerk', password: 'clerk-demo' }),
    });
    while (!(next.headers.get('location') ?? redirectUri).startsWith(redirectUri))
      next = await go(next.headers.get('location') ?? '');
    const code = new URL(next.headers.get('location') ?? '').searchParams.get('code') ?? '';
    const tokens = await go(discovery.token_endpoint ?? '', {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'sluice-console',
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
      }),
    });
    const { access_token: token } = (await tokens.json()) as { readonly access_token: string };
    const answer = await fetch(`${floor.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: '{ me { accountId roles } }' }),
    });
    expect(await answer.json()).toEqual({ data: { me: { accountId: 'demo-clerk', roles: ['CLERK'] } } });
  });
});
