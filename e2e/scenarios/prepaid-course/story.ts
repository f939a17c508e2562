import type { Client } from 'graphql-ws';
import {
  DEMO_BUREAU,
  DEMO_HIGH_SCHOOL,
  DEMO_PRIMARY_SCHOOL,
  type DemoOrganisation,
} from '#libs/security/adapters/demo/demo-directory.js';
import { mintDemoToken } from '#libs/security/adapters/issuer/demo-token.js';
import { type Contract, type Signer, signer } from '../contract-acts.js';
import { openWallet, walletOf } from '../money-core/acts.js';
import { holds } from '../money-core/holds.js';
import { fen } from '../money-core/money.js';
import { Person, settled } from '../person.js';
import { Steps } from '../steps.js';
import { LogWindow } from './log-window.js';
import type { Order } from './order.js';

/** Who takes part, and the demo's person who plays it. */
const CAST = {
  bd: 'bd',
  ops: 'ops',
  ops2: 'ops2',
  auditor: 'auditor',
  /** Of the school that sells the course, and is wound up at the end: the demo's own courses are another's. */
  bursar: 'bursar1',
  /** Of the bureau that watches over the school. */
  inspector: 'inspector',
  /** Of another school: draws campaigns up and takes vouchers. */
  merchant: 'bursar',
  payer: 'payer',
  payer2: 'payer2',
} as const;
type Cast = keyof typeof CAST;
type Payer = 'payer' | 'payer2';

/** In each payer's wallet at the beginning. */
const PURSE = '4000.00';

/** What the parts hand on to each other. */
export interface Made {
  /** Of the template published for this run. */
  templateId: string;
  /** Of this run, with a short notice. */
  region: string;
  courseId: string;
  readonly orders: Map<OrderName, Order>;
  readonly contracts: Map<'lessons' | 'meter', Contract>;
  /** Every contract of the run by its global id. */
  readonly contractIds: Set<string>;
}

/**
 * whole: every lesson is given; withdrawn: the payer withdraws; byOperator: paid through a bank; given, objected: open when the school
 * closes; unpaid: never paid for.
 */
export type OrderName = 'whole' | 'withdrawn' | 'byOperator' | 'given' | 'objected' | 'unpaid';

export interface StoryOptions {
  readonly url: string;
  /** Of the product that answers there: tokens are made by what lies in it. */
  readonly dataDir: string;
  readonly tell: (line: string) => void;
}

/** One run: a school sells prepaid lessons, and closes. */
export class CourseStory extends Steps {
  readonly terminal: Signer = signer();
  readonly payersKey: Signer = signer();
  readonly made: Made = {
    templateId: `story-lessons-${this.run}`,
    region: `Story-${this.run}`,
    courseId: '',
    orders: new Map(),
    contracts: new Map(),
    contractIds: new Set(),
  };
  readonly #sockets: Client[] = [];
  readonly #people = new Map<Cast, Person>();
  readonly #accounts = new Map<Payer, string>();
  readonly #wallets = new Map<Payer, string>();
  readonly #organisations = new Map<string, string>();

  private constructor(
    readonly url: string,
    tell: (line: string) => void,
    private readonly log: LogWindow,
  ) {
    super(tell);
  }

  static async open({ url, dataDir, tell }: StoryOptions): Promise<CourseStory> {
    const story = new CourseStory(url.replace(/\/+$/, ''), tell, LogWindow.open(dataDir));
    for (const [name, username] of Object.entries(CAST) as [Cast, string][]) {
      const token = await mintDemoToken(username, { dataDir, port: Number(new URL(url).port || 80) });
      story.#people.set(name, new Person(story.url, token, (socket) => story.#sockets.push(socket)));
    }
    await story.#join('bursar', DEMO_PRIMARY_SCHOOL);
    await story.#join('inspector', DEMO_BUREAU);
    await story.#join('merchant', DEMO_HIGH_SCHOOL);
    for (const name of ['payer', 'payer2'] as const) {
      const who = story.person(name);
      const { accountId } = await who.get<{ readonly accountId: string }>('{ me { accountId } }');
      story.#accounts.set(name, accountId);
      story.#wallets.set(name, await openWallet(story, who, PURSE));
    }
    return story;
  }

  async close(): Promise<void> {
    this.log.close();
    await Promise.all(this.#sockets.splice(0).map((socket) => socket.dispose()));
  }

  person(name: Cast): Person {
    return this.#people.get(name)!;
  }

  /** The one of the payer that this run has opened. */
  wallet(name: Payer): string {
    return this.#wallets.get(name)!;
  }

  account(name: Payer): string {
    return this.#accounts.get(name)!;
  }

  /** Fen that the payer has laid out of this wallet, less what came back. */
  async spentBy(name: Payer): Promise<bigint> {
    const { balance } = await walletOf(this.person(name), this.wallet(name));
    return fen(PURSE) - fen(balance.amount);
  }

  get school(): string {
    return this.#organisations.get('bursar')!;
  }
  get bureau(): string {
    return this.#organisations.get('inspector')!;
  }
  get shop(): string {
    return this.#organisations.get('merchant')!;
  }

  order(name: OrderName): Order {
    return this.made.orders.get(name)!;
  }

  /** Position of the last event in the log. */
  head(): string {
    return this.log.head();
  }

  /** The demo has them; elsewhere they are brought on first. */
  async #join(name: Cast, { id: code, nameZh, nameEn }: DemoOrganisation): Promise<void> {
    const input = { code, nameZh, nameEn };
    const registered = await this.person('bd').act<{ readonly __typename: string }>(
      'registerOrganisation',
      input,
      '... on Organisation { id }',
    );
    holds('organisation', registered, { __typename: /^Organisation(Exists)?$/ });
    const own = await settled(
      () =>
        this.person(name).get<{ readonly id: string; readonly code: string } | null>(
          '{ organisation { id code } }',
        ),
      (found) => found?.code === code,
    );
    this.#organisations.set(name, own!.id);
  }
}
