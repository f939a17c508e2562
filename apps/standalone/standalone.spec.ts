import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type Server, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mintDemoToken } from '#libs/security/adapters/issuer/demo-token.js';

const MAIN = resolve('dist/apps/standalone/main.js');
let dataDir: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sluice-standalone-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await rm(dataDir, { recursive: true, force: true });
});

/** The built program as its own process; what it says is collected. */
function launch(env: Readonly<Record<string, string>>) {
  const { NODE_ENV: _test, NODE_OPTIONS: _options, ...inherited } = process.env;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
    env: { ...inherited, SLUICE_DATA_DIR: dataDir, PORT: '0', SLUICE_DEMO: 'off', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  return { child, said, exit };
}

async function urlOf({ child, said }: ReturnType<typeof launch>): Promise<string> {
  for (;;) {
    const url = /http:\/\/localhost:\d+/.exec(said.out)?.[0];
    if (url) return url;
    if (child.exitCode !== null) throw new Error(said.err);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('the standalone program', () => {
  it('says what to do next, and ends within seconds when asked, serving to the end', async () => {
    const running = launch({});
    const url = await urlOf(running);
    const token = await mintDemoToken('payer', { dataDir });
    const answered: number[] = [];
    const broken: string[] = [];
    let asking = true;
    const ask = async (): Promise<void> => {
      while (asking) {
        try {
          const response = await fetch(`${url}/graphql`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
            body: JSON.stringify({ query: '{ wallets { id } }' }),
          });
          answered.push(response.status);
          await response.text();
        } catch (fault) {
          // Refused connections are right once it stops; half an answer never is.
          const cause =
            (fault as { readonly cause?: { readonly code?: string } }).cause?.code ?? String(fault);
          if (cause !== 'ECONNREFUSED') broken.push(cause);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    };
    const clients = Array.from({ length: 8 }, ask);
    while (answered.length < 50) await new Promise((resolve) => setTimeout(resolve, 20));
    const startedMs = performance.now();
    running.child.kill('SIGTERM');
    running.child.kill('SIGINT');
    expect(await running.exit).toBe(0);
    expect(performance.now() - startedMs).toBeLessThan(9_000);
    asking = false;
    await Promise.all(clients);
    expect(answered.filter((status) => status !== 200)).toEqual([]);
    // An idle connection may be closed in the moment a request sets out on it; it was never read.
    expect(broken.filter((code) => code !== 'ECONNRESET' && code !== 'UND_ERR_SOCKET')).toEqual([]);
    expect(running.said.out).toContain('下一步');
    expect(running.said.err).toBe('');
  });

  it('refuses production without an issuer, and keeps no data folder for it', async () => {
    const running = launch({ NODE_ENV: 'production' });
    expect(await running.exit).toBe(1);
    expect(running.said.err).toContain('SLUICE_OIDC_ISSUER');
    expect(running.said.err).not.toMatch(/\bat .*\(/);
  });

  it('explains a taken port and a data folder in use', async () => {
    const taken: Server = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { readonly port: number };
    const blocked = launch({ PORT: String(port) });
    expect(await blocked.exit).toBe(1);
    expect(blocked.said.err).toContain('PORT=4100 npm start');
    taken.close();

    const first = launch({});
    await urlOf(first);
    const second = launch({});
    expect(await second.exit).toBe(1);
    expect(second.said.err).toContain('The data folder is in use by another process');
    expect(second.said.err).not.toMatch(/\bat .*\(/);
  });
});
