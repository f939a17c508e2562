import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckReport } from '#e2e/checker/check.js';
import { checkFiles } from '#e2e/checker/main.js';
import type { Attempt } from './acts.js';
import { BankProcess } from './bank.js';
import { type Dice, diceOf } from './dice.js';
import { AcknowledgementFile, type EvidenceFiles, evidenceIn, exportTo } from './evidence.js';
import { GraphqlClient } from './graphql.js';
import { actUntil, ask, Counts, type LoadParts } from './load.js';
import type { RunOptions, RunResult } from './options.js';
import { type Chances, noChances } from './people.js';
import { pause, Product } from './product.js';
import { comeToRest, type Rested } from './rest.js';
import {
  type Bill,
  issueBills,
  openBills,
  openSchool,
  type Purse,
  type Tokens,
  tokensOf,
  topUp,
} from './school.js';

/** Below so many open bills, more are issued before the next load. */
const LOW_SUPPLY = 1_500;
/** Deadline of a call to the bank is 3 s. */
const PAST_DEADLINE_MS = 3_500;
const PATIENT_EVERY = 5;
const BANK_DELAY_MS = 3;
const NOTICE_DELAY_MS = 150;

/** One run: the product and the bank, the people, what they were answered. */
export class Run {
  readonly files: EvidenceFiles;
  readonly #dice: Dice;
  readonly #product: Product;
  readonly #bank: BankProcess;
  readonly #acks: AcknowledgementFile;
  readonly #recoveries: number[] = [];
  readonly #counts = new Counts();
  readonly #chances: Chances = noChances();
  #client: GraphqlClient;
  #tokens: Tokens | undefined;
  #purses: readonly Purse[] = [];
  #supply: Bill[] = [];
  #pending: readonly Attempt[] = [];
  #imports = 0;
  #keys = 0;
  #askedAgain = 0;
  #abandoned = 0;
  #kills = 0;
  #bankKills = 0;
  #restMs = 0;

  constructor(
    private readonly options: RunOptions,
    private readonly folder: string,
    private readonly ports: { readonly product: number; readonly bank: number },
  ) {
    this.#dice = diceOf(options.seed);
    const env = { SLUICE_DEMO: 'off', SLUICE_BANK_URL: `http://127.0.0.1:${ports.bank}` };
    this.#product = new Product({ dataDir: this.#dataDir, port: ports.product, env });
    this.#bank = new BankProcess({
      dataDir: this.#dataDir,
      booksDir: join(folder, 'bank'),
      port: ports.bank,
      productUrl: this.#product.url,
      delayMs: BANK_DELAY_MS,
      noticeDelayMs: NOTICE_DELAY_MS,
    });
    this.#client = new GraphqlClient(this.#product.url);
    this.files = evidenceIn(folder);
    this.#acks = new AcknowledgementFile(this.files.acks);
  }

  get #dataDir(): string {
    return join(this.folder, 'data');
  }

  async execute(): Promise<RunResult> {
    await mkdir(this.#dataDir, { recursive: true });
    await BankProcess.exchangeKeys(this.#dataDir);
    await this.#bank.start();
    await this.#start();
    this.#tokens = await tokensOf(this.#dataDir, this.ports.product);
    this.#purses = await openSchool(this.#client, this.#tokens);
    const lossy = this.options.damage !== undefined;
    let rested: Rested | undefined;
    for (let cycle = 1; cycle <= this.options.cycles; cycle += 1) {
      await this.#cycle(cycle);
      const last = cycle === this.options.cycles;
      if (lossy || (!last && cycle % this.options.checkEvery > 0)) continue;
      await this.#askAgain();
      rested = await this.#rest(this.#tokens);
      if (!rested.report.holds) break;
      if (!last) await this.#start();
    }
    return this.#result(rested ?? (await this.#lossy()));
  }

  /** Whatever happened: kills the product and has its log judged. */
  async judgeAnyway(): Promise<CheckReport> {
    await this.#product.kill();
    await exportTo(this.files.log, this.#dataDir);
    const { log, acks } = this.files;
    return checkFiles({ log, acks, atRest: false });
  }

  async end(): Promise<void> {
    this.#client.close();
    await this.#product.kill();
    await this.#bank.kill();
    this.#acks.close();
  }

  #result({ report, stopMs }: Rested): RunResult {
    const sorted = [...this.#recoveries].sort((a, b) => a - b);
    return {
      cycles: this.options.cycles,
      counts: this.#counts,
      acknowledged: this.#acks.captured,
      askedAgain: this.#askedAgain,
      abandoned: this.#abandoned,
      kills: this.#kills,
      bankKills: this.#bankKills,
      recoveryMs: { median: sorted[Math.floor(sorted.length / 2)] ?? 0, worst: sorted.at(-1) ?? 0 },
      restMs: this.#restMs,
      stopMs,
      report,
    };
  }

  /** With the log cut short nothing can be asked again: even the bills may be gone. */
  async #lossy(): Promise<Rested> {
    const stopMs = await this.#product.stop();
    return { report: await this.judgeAnyway(), restMs: 0, stopMs };
  }

  async #rest(tokens: Tokens): Promise<Rested> {
    const { files } = this;
    const start = (): Promise<void> => this.#start();
    const client = (): GraphqlClient => this.#client;
    const parts = {
      product: this.#product,
      bank: this.#bank,
      client,
      tokens,
      files,
      dataDir: this.#dataDir,
      start,
    };
    const rested = await comeToRest(parts);
    this.#restMs = Math.max(this.#restMs, rested.restMs);
    return rested;
  }

  async #start(): Promise<void> {
    this.#client.close();
    this.#product.launch();
    this.#recoveries.push(await this.#product.ready());
    this.#client = new GraphqlClient(this.#product.url);
  }

  async #cycle(cycle: number): Promise<void> {
    await this.#askAgain();
    await this.#replenish();
    let killed = false;
    // Now and then long enough for calls that the bank never answers to run into their deadline.
    const patient = cycle % PATIENT_EVERY === 0 ? PAST_DEADLINE_MS : 0;
    const loadMs = 50 + patient + this.#dice.below(this.options.longestLoadMs);
    const asked = this.#counts.total('asked');
    const load = actUntil(this.#parts(), () => killed);
    try {
      await Promise.race([pause(loadMs), load.then(() => undefined)]);
    } finally {
      // Nobody asks a dead product: the requests under way at this moment are the ones left without an answer.
      killed = true;
    }
    await this.#product.kill();
    this.#kills += 1;
    const unanswered = await load;
    // A third of the people left without an answer never come back: the product must finish theirs by itself.
    this.#pending = unanswered.filter(() => this.#dice.below(3) > 0);
    this.#abandoned += unanswered.length - this.#pending.length;
    if (cycle === this.options.cycles) await this.options.damage?.(this.#dataDir);
    const note = await this.#restart();
    this.options.say(
      `cycle ${cycle}: ${loadMs} ms of load, ${this.#counts.total('asked') - asked} asked, ${unanswered.length} without an answer${note}`,
    );
  }

  /** Now and then the product is killed again while it comes up, and the bank with it. */
  async #restart(): Promise<string> {
    const bank = this.options.killBank && this.#kills % 3 === 0;
    if (bank) await this.#bank.kill();
    this.#bankKills += bank ? 1 : 0;
    let again = 0;
    for (; this.#dice.below(6) === 0; again += 1) {
      this.#product.launch();
      await pause(this.#dice.below(1_500));
      await this.#product.kill();
      this.#kills += 1;
    }
    if (bank) await this.#bank.start();
    await this.#start();
    return `${again > 0 ? `, killed ${again}× while starting` : ''}${bank ? ', the bank too' : ''}`;
  }

  /** With the same key: done or not done, but known. The product is up, so that no answer is a failure of the run. */
  async #askAgain(): Promise<void> {
    const pending = this.#pending;
    this.#askedAgain += pending.length;
    const outcomes = await Promise.allSettled(pending.map((attempt) => ask(this.#parts(), attempt)));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    this.#pending = [];
  }

  async #replenish(): Promise<void> {
    if (this.#supply.length >= LOW_SUPPLY || !this.#tokens) return;
    this.#imports += 1;
    const { billsPerImport: count } = this.options;
    await topUp(this.#client, this.#purses, String(this.#imports));
    const { bursar } = this.#tokens;
    await issueBills(this.#client, this.#product.url, { token: bursar, batch: this.#imports, count });
    this.#supply = await openBills(this.#client, bursar);
  }

  #parts(): LoadParts {
    if (!this.#tokens) throw new Error('The product never started.');
    const street = {
      dice: this.#dice,
      purses: this.#purses,
      tokens: this.#tokens,
      nextKey: () => `faults-${this.options.seed}-${(this.#keys += 1)}`,
      supply: this.#supply,
      chances: this.#chances,
    };
    return {
      client: this.#client,
      street,
      acknowledge: (line) => this.#acks.write(line),
      counts: this.#counts,
    };
  }
}
