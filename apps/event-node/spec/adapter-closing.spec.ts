import { spawn } from 'node:child_process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { binaryEvent } from '@eventstore/db-client';
import { EventStoreDbEventLog } from '#libs/event-log/eventstoredb/index.js';
import { AdapterNetwork, event } from './adapter-network.js';
import { closeClient, gather, rawClient, rejection, streamName, until } from './harness.js';

/** What the EventStoreDB adapter takes in, and what it leaves behind. */

const network = new AdapterNetwork();
beforeAll(() => network.start());
beforeEach(() => network.connect());
afterEach(() => network.disconnect());
afterAll(() => network.stop());

describe('what others wrote', () => {
  it('comes out as a JSON object, whatever it was', async () => {
    const stream = streamName();
    const client = rawClient(network.node.connectionString);
    await client.appendToStream(stream, [
      binaryEvent({ type: 'Bytes', data: Uint8Array.of(1, 2, 255), metadata: Uint8Array.of(254) }),
      {
        ...binaryEvent({ type: 'List', data: Uint8Array.of() }),
        contentType: 'application/json',
        data: [1, 'zwei'],
      } as never,
    ]);
    await closeClient(client);
    const [bytes, list] = (await gather(network.openLog().readStream(stream))).flat();
    expect([bytes!.data, bytes!.metadata, list!.data, list!.metadata]).toEqual([
      { $base64: 'AQL/' },
      { $base64: '/g==' },
      { $value: [1, 'zwei'] },
      {},
    ]);
  });
});

describe('the connection string', () => {
  it('may not take the error from a failed append', () => {
    const connectionString = 'esdb://localhost:2113?tls=false&throwOnAppendFailure=false';
    expect(() => new EventStoreDbEventLog({ connectionString })).toThrow(TypeError);
    expect(() => new EventStoreDbEventLog({ connectionString: 'localhost:2113' })).toThrow(/esdb:/);
  });
});

describe('closing', () => {
  it('ends the connection', async () => {
    const log = network.openLog();
    await log.append(streamName(), 'no-stream', [event()]);
    expect(network.proxy.open).toBe(1);
    await log.close();
    await until(() => network.proxy.open === 0, 3_000);
  });

  it('does not wait for a reader in the middle of a page, who is told', async () => {
    const log = network.openLog();
    const stream = streamName();
    for (let n = 0; n < 1_500; n += 500) {
      const page = Array.from({ length: 500 }, () => event());
      await log.append(stream, n === 0 ? 'no-stream' : n - 1, page);
    }
    const reading = (async () => {
      for await (const page of log.readStream(stream)) {
        expect(page.length).toBeLessThanOrEqual(500);
        await new Promise((resolve) => setTimeout(resolve, 50));
        await log.close();
      }
    })();
    expect(await rejection(reading)).toMatchObject({ name: 'LogClosed' });
  });

  it('leaves nothing that keeps a process alive', async () => {
    const script = `
      import { EventStoreDbEventLog } from '#libs/event-log/eventstoredb/index.js';
      const log = new EventStoreDbEventLog({ connectionString: process.env.NODE_URL });
      await log.append('closing-' + process.pid, 'any', [{ id: crypto.randomUUID(), type: 'X', data: {}, metadata: {} }]);
      for await (const page of log.readAll()) break;
      const controller = new AbortController();
      for await (const message of log.subscribe({ after: 'start', signal: controller.signal })) break;
      await log.close();
      console.log('closed');
    `;
    const root = new URL('../../../', import.meta.url);
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_URL: network.node.connectionString, NODE_OPTIONS: '' },
    });
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(0);
  });
});
