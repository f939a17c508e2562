import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import { type DemoUser, demoUser } from '../demo/demo-directory.js';
import { expiredPage, signInPage } from './sign-in-page.js';

const MAX_FORM_BYTES = 4_096;

/** The page on which a demo user signs in, and the answer to it. */
export async function signIn(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await provider.interactionDetails(request, response);
  } catch {
    sendPage(response, 400, expiredPage());
    return;
  }
  if (request.method === 'GET') {
    sendPage(response, 200, signInPage());
    return;
  }
  if (request.method !== 'POST') {
    response.writeHead(405, { allow: 'GET, POST' }).end();
    return;
  }
  const form = await readForm(request);
  const user = form && authenticate(form.get('username') ?? '', form.get('password') ?? '');
  if (!user) {
    sendPage(response, 401, signInPage({ refused: true }));
    return;
  }
  await provider.interactionFinished(
    request,
    response,
    { login: { accountId: user.accountId, remember: false } },
    { mergeWithLastSubmission: false },
  );
}

function authenticate(username: string, password: string): DemoUser | undefined {
  const user = demoUser(username.trim());
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return user && timingSafeEqual(digest(user.password), digest(password)) ? user : undefined;
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_FORM_BYTES) return undefined;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

function sendPage(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    // After the form's answer the browser goes on to the client, which may listen on any loopback port.
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' http://localhost:* http://127.0.0.1:*; frame-ancestors 'none'; base-uri 'none'",
  });
  response.end(html);
}
