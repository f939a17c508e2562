import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Consumers } from '#libs/event-log/consumers/types.js';
import type { Cancel, Runtime } from '#libs/runtime/port/index.js';
import { CONSUMERS, RUNTIME, VIEWS } from '#libs/runtime/port/tokens.js';
import type { Views } from '#libs/views/port/index.js';
import { CUSTODY } from './custody-projection.js';
import type { CustodyTables } from './custody-tables.js';

/** How often to look when events have been applied, ms. */
const PERIOD_MS = 5_000;

export interface CustodyFigures {
  /** Events by which a contract and its custody account went apart, and foreign postings; of all tenants. */
  readonly breaches: number;
  /** Contracts whose account does not hold what they say. */
  readonly apart: number;
}

/** Watches invariant I13 while the program runs: raises the alarm in the log once for every growth of what is wrong. */
@Injectable()
export class CustodyMonitor {
  readonly #logger = new Logger(CustodyMonitor.name);
  #figures: CustodyFigures = { breaches: 0, apart: 0 };
  #changed = true;
  #looking: Promise<void> = Promise.resolve();
  #stops: Cancel[] = [];

  constructor(
    @Inject(VIEWS) private readonly views: Views,
    @Inject(CONSUMERS) private readonly consumers: Pick<Consumers, 'onApplied'>,
    @Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'timers'>,
  ) {}

  /** As last looked at; for the metrics. */
  get figures(): CustodyFigures {
    return this.#figures;
  }

  async start(): Promise<void> {
    const applied = this.consumers.onApplied((projection) => {
      if (projection === CUSTODY) this.#changed = true;
    });
    const every = this.runtime.timers.every(PERIOD_MS, () => void this.look());
    this.#stops = [applied, every];
    await this.look();
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0)) stop();
    await this.#looking;
  }

  /** One look, if anything was applied since the last; joins the one under way. Never rejects. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(() => (this.#changed ? this.#look() : undefined));
    return this.#looking;
  }

  async #look(): Promise<void> {
    this.#changed = false;
    try {
      const figures = await this.#read();
      const before = this.#figures;
      this.#figures = figures;
      if (figures.breaches > before.breaches || figures.apart > before.apart) {
        const { breaches, apart } = figures;
        this.#logger.error(
          `Custody is not what contracts say: ${breaches} breaches, ${apart} contracts apart. See custodyCheck.`,
        );
      }
    } catch (error) {
      this.#changed = true;
      this.#logger.warn(`Custody cannot be read: ${error instanceof Error ? error.message : 'unknown'}`);
    }
  }

  async #read(): Promise<CustodyFigures> {
    const database = this.views.database<CustodyTables>();
    const { breaches } = await database
      .selectFrom('custody_breach')
      .select(({ fn }) => fn.countAll<number>().as('breaches'))
      .executeTakeFirstOrThrow();
    const { apart } = await database
      .selectFrom('custody_contract')
      .select(({ fn }) => fn.countAll<number>().as('apart'))
      .where((row) =>
        row.or([
          row('held_minor', '!=', row.ref('posted_minor')),
          row.and([row('held_minor', 'is', null), row('posted_minor', '!=', 0n)]),
        ]),
      )
      .executeTakeFirstOrThrow();
    return { breaches: Number(breaches), apart: Number(apart) };
  }
}
