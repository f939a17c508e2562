import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CheckReport, tableOf } from '#e2e/checker/check.js';
import { checkFiles } from '#e2e/checker/main.js';
import { type Dice, diceOf } from './dice.js';
import { AcknowledgementFile, exportTo, viewRows } from './evidence.js';
import { GraphqlClient } from './graphql.js';
import { type Attempt, type LoadParts, pay, payUntil } from './load.js';
import { freePort, pause, Product } from './product.js';
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

export interface RunOptions {
  readonly cycles: number;
  readonly seed: number;
  /** Milliseconds of load before the kill, at most. */
  readonly longestLoadMs: number;
  /** Issued at once whenever the open bills run low. */
  readonly billsPerImport: number;
  /** Keep the data folder and the evidence, and say where; a run that found something keeps them anyway. */
  readonly keep: boolean;
  readonly say: (text: string) => void;
  /** Sees the evidence before it is removed. */
  readonly inspect?: (files: EvidenceFiles) => Promise<void>;
  /**
   * Called on the data folder after the last kill, before the product starts again: for planting a loss. Then only the log
   * and the acknowledgements are judged.
   */
  readonly damage?: (dataDir: string) => Promise<void>;
}

export interface EvidenceFiles {
  readonly log: string;
  readonly acks: string;
  readonly views: string;
}

export interface RunResult {
  readonly cycles: number;
  readonly asked: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** Requests that a kill left without an answer and that were asked again, word for word. */
  readonly askedAgain: number;
  /** The others, which nobody asked about again. */
  readonly abandoned: number;
  readonly events: number;
  /** Milliseconds from the start of the process until it took requests, median and worst. */
  readonly recoveryMs: { readonly median: number; readonly worst: number };
  /** Milliseconds from SIGTERM to the end. */
  readonly stopMs: number;
  readonly report: CheckReport;
}

/** Below so many open bills, more are issued before the next load. */
const LOW_SUPPLY = 1_500;
/** How long the views may need to show what was answered. */
const SETTLE_MS = 20_000;

/**
 * Pays under load, kills the product with SIGKILL at a random moment, starts it again, so many times, on one data folder;
 * then stops it properly and lets the checker judge the exported log, the acknowledgements and the views.
 */
export async function killAndCheck(options: RunOptions): Promise<RunResult> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-faults-'));
  const run = new Run(options, folder, await freePort());
  let sound = false;
  try {
    const result = await run.execute();
    sound = result.report.holds;
    await options.inspect?.(run.files);
    return result;
  } catch (error) {
    // The run broke off; what stands in the log may say why.
    const report = await run.judgeAnyway().catch(() => undefined);
    if (report) options.say(tableOf(report));
    throw error;
  } finally {
    await run.end();
    if (options.keep || !sound) options.say(`The evidence is in ${folder}`);
    else await rm(folder, { recursive: true, force: true });
  }
}

class Run {
  readonly #dice: Dice;
  readonly #product: Product;
  readonly #acks: AcknowledgementFile;
  readonly #recoveries: number[] = [];
  readonly files: EvidenceFiles;
  #client: GraphqlClient;
  #tokens: Tokens | undefined;
  #purses: readonly Purse[] = [];
  #supply: Bill[] = [];
  #pending: readonly Attempt[] = [];
  #imports = 0;
  #keys = 0;
  #asked = 0;
  #refused = 0;
  #askedAgain = 0;
  #abandoned = 0;

  constructor(
    private readonly options: RunOptions,
    private readonly folder: string,
    private readonly port: number,
  ) {
    this.#dice = diceOf(options.seed);
    this.#product = new Product({ dataDir: this.#dataDir, port, env: { SLUICE_DEMO: 'off' } });
    this.#client = new GraphqlClient(this.#product.url);
    this.files = {
      log: join(folder, 'log.ndjson'),
      acks: join(folder, 'acks.ndjson'),
      views: join(folder, 'views.ndjson'),
    };
    this.#acks = new AcknowledgementFile(this.files.acks);
  }

  get #dataDir(): string {
    return join(this.folder, 'data');
  }

  async execute(): Promise<RunResult> {
    await mkdir(this.#dataDir, { recursive: true });
    await this.#start();
    this.#tokens = await tokensOf(this.#dataDir, this.port);
    this.#purses = await openSchool(this.#client, this.#tokens);
    for (let cycle = 1; cycle <= this.options.cycles; cycle += 1) await this.#cycle(cycle);
    const lossy = this.options.damage !== undefined;
    // With the log cut short nothing can be asked again: even the bills may be gone.
    if (!lossy) await this.#askAgain();
    const stopMs = lossy ? await this.#product.stop() : await this.#collect();
    const events = await exportTo(this.files.log, this.#dataDir);
    const { log, acks, views } = this.files;
    const report = await checkFiles(
      lossy ? { log, acks, atRest: false } : { log, acks, views, atRest: true },
    );
    const sorted = [...this.#recoveries].sort((a, b) => a - b);
    return {
      cycles: this.options.cycles,
      asked: this.#asked,
      acknowledged: this.#acks.count,
      refused: this.#refused,
      askedAgain: this.#askedAgain,
      abandoned: this.#abandoned,
      events,
      recoveryMs: { median: sorted[Math.floor(sorted.length / 2)] ?? 0, worst: sorted.at(-1) ?? 0 },
      stopMs,
      report,
    };
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
    this.#acks.close();
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
    const loadMs = 50 + this.#dice.below(this.options.longestLoadMs);
    const load = payUntil(this.#parts(), () => killed);
    await Promise.race([pause(loadMs), load.then(() => undefined)]);
    // Nobody asks a dead product: the requests under way at this moment are the ones left without an answer.
    killed = true;
    await this.#product.kill();
    const { asked, refused, unanswered } = await load;
    this.#asked += asked;
    this.#refused += refused;
    // A third of the people left without an answer never come back: the product must finish theirs by itself.
    this.#pending = unanswered.filter(() => this.#dice.below(3) > 0);
    this.#abandoned += unanswered.length - this.#pending.length;
    if (cycle === this.options.cycles) await this.options.damage?.(this.#dataDir);
    const note = await this.#restart();
    this.options.say(
      `cycle ${cycle}: ${loadMs} ms of load, ${asked} asked, ${unanswered.length} without an answer${note}`,
    );
  }

  /** Now and then the product is killed again while it comes up. */
  async #restart(): Promise<string> {
    let again = 0;
    for (; this.#dice.below(6) === 0; again += 1) {
      this.#product.launch();
      await pause(this.#dice.below(1_500));
      await this.#product.kill();
    }
    await this.#start();
    return again > 0 ? `, killed ${again}× while starting` : '';
  }

  /** With the same key: done or not done, but known. The product is up, so that no answer is a failure of the run. */
  async #askAgain(): Promise<void> {
    const pending = this.#pending;
    this.#askedAgain += pending.length;
    const outcomes = await Promise.allSettled(pending.map((attempt) => pay(this.#parts(), attempt)));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') throw outcome.reason;
      if (!outcome.value) this.#refused += 1;
    }
    this.#pending = [];
  }

  async #replenish(): Promise<void> {
    if (this.#supply.length >= LOW_SUPPLY || !this.#tokens) return;
    this.#imports += 1;
    const { billsPerImport: count } = this.options;
    await topUp(this.#client, this.#purses, String(this.#imports));
    await issueBills(this.#client, this.#product.url, {
      token: this.#tokens.bursar,
      batch: this.#imports,
      count,
    });
    this.#supply = await openBills(this.#client, this.#tokens.bursar);
  }

  #parts(): LoadParts {
    return {
      client: this.#client,
      purses: this.#purses,
      clerk: this.#tokens?.clerk ?? '',
      dice: this.#dice,
      nextKey: () => `faults-${this.options.seed}-${(this.#keys += 1)}`,
      supply: this.#supply,
      acknowledged: (payment) => this.#acks.write(payment),
    };
  }

  /** Takes down the views once they no longer change, and stops the product. @returns milliseconds the stop took */
  async #collect(): Promise<number> {
    const tokens = this.#tokens;
    if (!tokens) throw new Error('The product never started.');
    let rows = await viewRows(this.#client, tokens);
    const until = performance.now() + SETTLE_MS;
    for (let stable = false; !stable && performance.now() < until;) {
      await pause(500);
      const next = await viewRows(this.#client, tokens);
      stable = next.join('\n') === rows.join('\n');
      rows = next;
    }
    await writeFile(this.files.views, `${rows.join('\n')}\n`);
    return this.#product.stop();
  }
}
