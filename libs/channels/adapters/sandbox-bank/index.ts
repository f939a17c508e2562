import { join } from 'node:path';
import { SignedClient } from '../http/signed-client.js';
import { Courier } from './courier.js';
import { Desk } from './desk.js';
import { Operations } from './operations.js';
import type { SandboxBankOptions } from './options.js';
import { BankServer } from './server.js';
import { BankStore } from './store.js';

export interface SandboxBank {
  readonly port: number;
  readonly courier: Pick<Courier, 'hold' | 'release' | 'deliver'>;
  close(): Promise<void>;
}

const NOTICE_DEADLINE_MS = 8_000;

/** The operating institution, for demos and tests: real over HTTP, with books that survive its restart. */
export async function openSandboxBank(options: SandboxBankOptions): Promise<SandboxBank> {
  const { runtime, agreement } = options;
  const store = new BankStore(join(options.dataDir, 'books.db'));
  const operations = new Operations(store, { noticeDelayMs: options.noticeDelayMs ?? 3_000 });
  const client = new SignedClient({
    baseUrl: options.callbackUrl,
    agreement,
    clock: runtime.clock,
    rng: runtime.rng,
    deadlineMs: NOTICE_DEADLINE_MS,
    maxInFlight: 16,
    maxWaiting: 1_024,
    maxAnswerBytes: 65_536,
  });
  const courier = new Courier({
    store,
    operations,
    runtime,
    client,
    target: '',
    firstPauseMs: options.firstPauseMs ?? 250,
  });
  const desk = new Desk({
    store,
    operations,
    runtime,
    delayMs: options.delayMs ?? 20,
    planned: () => courier.poke(),
  });
  const server = new BankServer(desk, options);
  const port = await server.listen(options.port).catch((fault: unknown) => {
    store.close();
    throw fault;
  });
  courier.start();
  return {
    port,
    courier,
    async close() {
      await server.close();
      client.close();
      await courier.stop();
      store.close();
    },
  };
}
