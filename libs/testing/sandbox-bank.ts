import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OperatorChannel } from '#libs/channels/adapters/operator/operator-channel.js';
import { SignedClient } from '#libs/channels/adapters/http/signed-client.js';
import { type SandboxBank, openSandboxBank } from '#libs/channels/adapters/sandbox-bank/index.js';
import { NoticeDoor } from '#libs/channels/notices/door.js';
import { NOTICES_PATH, noticeHandler } from '#libs/channels/notices/http.js';
import type { ExternalChannel, NoticeReceiver } from '#libs/channels/port/index.js';
import type { Agreement, PartnerKey, SigningKey } from '#libs/http-signatures/index.js';
import type { TenantId } from '#libs/kernel/ids/index.js';
import { type Money, toStoredMoney } from '#libs/kernel/money/index.js';
import { type LocalDate, localDateOf } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { SqliteNonces } from '#libs/security/adapters/nonces-sqlite.js';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.js';

export interface SandboxBankSetup {
  /** Who waits for notices; may be given later by `controls.bind`. */
  readonly receivers?: readonly NoticeReceiver[];
  /** Whose time it is at the bank and in the signatures, for tests whose clock stands in another year; default the machine's. */
  readonly clock?: Runtime['clock'];
  /** Deadline of the channel, milliseconds; default 1,000. A test of `.02` waits as long. */
  readonly deadlineMs?: number;
  /** Before the bank takes an operation, milliseconds; default 0. */
  readonly delayMs?: number;
  /** Between a promise and what comes late, milliseconds; default 50. */
  readonly noticeDelayMs?: number;
}

/** What the bank did for one operation. */
export interface Effect {
  readonly operationId: string;
  readonly tenant: string;
  readonly kind: string;
  readonly amount: { readonly asset: string; readonly amount: string };
  /** How often money moved: 0 or 1. */
  readonly moved: number;
  /** How often it came back from the payee's bank: 0 or 1. */
  readonly returned: number;
}

export interface SandboxControls {
  readonly url: string;
  /** Replaces the receivers of notices. */
  bind(receivers: readonly NoticeReceiver[]): void;
  /** From now on nothing late happens and no notice comes, until `deliver` or `release`. */
  hold(): void;
  release(): void;
  /** Does at once what is planned for later and brings every notice; statuses of our door's answers. */
  deliver(): Promise<readonly number[]>;
  /** A payer transfers money with the code from the `pending` reply. */
  credit(tenant: TenantId, remittanceCode: string, amount: Money): Promise<string>;
  effects(): Promise<readonly Effect[]>;
  /** Of one operation; undefined when the bank never took it. */
  effectOf(operationId: string): Promise<Effect | undefined>;
  facts(): Promise<unknown>;
  /** A statement with the institution's own mistakes in it. */
  mistakenStatement(tenant: TenantId, date: LocalDate, format: 'camt.053' | 'camt.054'): Promise<string>;
  /** Today at the bank. */
  today(): LocalDate;
  /** Ends it and opens it again on the same books, at another port. */
  restart(): Promise<void>;
  /** Nobody answers any more, until `restart`. */
  stop(): Promise<void>;
}

export interface SandboxBankInProcess {
  readonly channel: ExternalChannel;
  readonly controls: SandboxControls;
  close(): Promise<void>;
}

/** Two parties that have exchanged keys for every tenant one may name; `left` and `right` are how each sees it. */
export function pairedAgreements(): { readonly left: Agreement; readonly right: Agreement } {
  const left = keyRing('sluice');
  const right = keyRing('bank');
  return {
    left: { ownKey: (tenant) => left.own(tenant), partnerKey: (keyId) => right.published(keyId) },
    right: { ownKey: (tenant) => right.own(tenant), partnerKey: (keyId) => left.published(keyId) },
  };
}

function keyRing(owner: string) {
  const made = new Map<string, { readonly own: SigningKey; readonly published: PartnerKey }>();
  const of = (tenant: TenantId) => {
    const keyId = `${owner}.${tenant}`;
    let pair = made.get(keyId);
    if (!pair) {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519');
      made.set(keyId, (pair = { own: { keyId, privateKey }, published: { tenant, publicKey } }));
    }
    return pair;
  };
  return {
    own: (tenant: TenantId): SigningKey => of(tenant).own,
    published: (keyId: string): PartnerKey | undefined => made.get(keyId)?.published,
  };
}

/** The real sandbox bank, the real client and the real door for notices, in this process, over HTTP on the loopback interface. */
export async function sandboxBank(setup: SandboxBankSetup = {}): Promise<SandboxBankInProcess> {
  const folder = temporaryFolder();
  const system = systemRuntime();
  const runtime: Runtime = { ...system, clock: setup.clock ?? system.clock };
  const { left, right } = pairedAgreements();
  const door = await listeningDoor(left, runtime, folder.file('our-nonces.db'));
  door.bind(setup.receivers ?? []);
  const bank = new RestartableBank(folder, { setup, runtime, agreement: right, callbackUrl: door.url });
  await bank.open();
  const parts = { baseUrl: () => bank.url, agreement: left, clock: runtime.clock, rng: runtime.rng };
  const channel = new OperatorChannel({ ...parts, deadlineMs: setup.deadlineMs ?? 1_000 });
  const client = new SignedClient({
    ...parts,
    deadlineMs: 5_000,
    maxInFlight: 4,
    maxWaiting: 100,
    maxAnswerBytes: 1_048_576,
  });
  return {
    channel,
    controls: controlsOf({ bank, client, runtime, bind: door.bind }),
    async close() {
      channel.close();
      client.close();
      await bank.close();
      await bank.nonces.close();
      await door.close();
      folder[Symbol.dispose]();
    },
  };
}

interface BankParts {
  readonly setup: SandboxBankSetup;
  readonly runtime: Runtime;
  readonly agreement: Agreement;
  readonly callbackUrl: string;
}

class RestartableBank {
  readonly nonces: SqliteNonces;
  #open: SandboxBank | undefined;

  constructor(
    private readonly folder: TemporaryFolder,
    private readonly parts: BankParts,
  ) {
    mkdirSync(folder.file('bank'));
    this.nonces = SqliteNonces.open({ file: folder.file('bank-nonces.db'), clock: parts.runtime.clock });
  }

  get url(): string | undefined {
    return this.#open && `http://127.0.0.1:${this.#open.port}`;
  }

  get courier(): SandboxBank['courier'] | undefined {
    return this.#open?.courier;
  }

  async open(): Promise<void> {
    const { setup, runtime, agreement, callbackUrl } = this.parts;
    this.#open = await openSandboxBank({
      dataDir: this.folder.file('bank'),
      port: 0,
      callbackUrl: () => callbackUrl,
      agreement,
      nonces: this.nonces,
      runtime,
      delayMs: setup.delayMs ?? 0,
      noticeDelayMs: setup.noticeDelayMs ?? 50,
      firstPauseMs: 20,
    });
  }

  async close(): Promise<void> {
    const running = this.#open;
    this.#open = undefined;
    await running?.close();
  }
}

interface ControlParts {
  readonly bank: RestartableBank;
  readonly client: SignedClient;
  readonly runtime: Runtime;
  readonly bind: SandboxControls['bind'];
}

function controlsOf({ bank, client, runtime, bind }: ControlParts): SandboxControls {
  const page = async (target: string): Promise<unknown> => (await fetch(`${bank.url}${target}`)).json();
  const effects = async (query = ''): Promise<readonly Effect[]> =>
    ((await page(`/sandbox/effects${query}`)) as { readonly effects: readonly Effect[] }).effects;
  return {
    get url() {
      return bank.url ?? '';
    },
    bind,
    hold: () => bank.courier?.hold(),
    release: () => bank.courier?.release(),
    deliver: async () => (await bank.courier?.deliver()) ?? [],
    async credit(tenant, remittanceCode, amount) {
      const body = { remittanceCode, amount: toStoredMoney(amount) };
      const target = '/sandbox/credits';
      const idempotencyKey = `credit-${remittanceCode}`;
      const answer = await client.exchange({ tenant, method: 'POST', target, body, idempotencyKey });
      return (JSON.parse(answer.body.toString()) as { readonly outcome: string }).outcome;
    },
    effects: () => effects(),
    effectOf: async (operationId) => (await effects(`?operationId=${encodeURIComponent(operationId)}`))[0],
    facts: () => page('/sandbox/facts'),
    async mistakenStatement(tenant, date, format) {
      const target = `/statements/${date}?format=${format}&mistakes=1`;
      return (await client.exchange({ tenant, method: 'GET', target })).body.toString();
    },
    today: () => localDateOf(runtime.clock.now()),
    async restart() {
      await bank.close();
      await bank.open();
    },
    stop: () => bank.close(),
  };
}

/** A door whose receivers can be changed; until some are bound nobody's operations are known. */
async function listeningDoor(agreement: Agreement, runtime: Runtime, nonceFile: string) {
  const nonces = SqliteNonces.open({ file: nonceFile, clock: runtime.clock });
  const doorOver = (receivers: readonly NoticeReceiver[]): NoticeDoor =>
    new NoticeDoor({ agreement, nonces, receivers, runtime, report: () => undefined });
  let handle = noticeHandler(doorOver([]));
  const server: Server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${NOTICES_PATH}`,
    bind(receivers: readonly NoticeReceiver[]) {
      handle = noticeHandler(doorOver(receivers));
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await nonces.close();
    },
  };
}
