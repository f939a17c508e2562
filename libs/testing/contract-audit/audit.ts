/**
 * Reads the events of one contract as an auditor would, with nothing of the decider, and says what is wrong with them: one
 * line per breach, beginning with the invariant's number (4-release-contracts).
 */
import type {
  ContractDrafted,
  ContractEvent,
  FundsRefunded,
  FundsReleased,
} from '#libs/contracts/domain/release-contract/messages.js';
import { UnitBook } from './unit-book.js';
import { auditUnits } from './units.js';

const TERMINAL = new Set(['completed', 'cancelled', 'refunded', 'expired']);

export function auditContract(events: readonly ContractEvent[]): readonly string[] {
  const breaches: string[] = [];
  const [first] = events;
  if (!first) return breaches;
  if (first.type !== 'ContractDrafted') return ['I12 a history that does not begin with a draft'];
  const book = new Book(first, breaches);
  events.forEach((event, index) => book.enter(event, index));
  return breaches;
}

class Book {
  #funded = 0n;
  #released = 0n;
  #refunded = 0n;
  #custody = 0n;
  #lastAt = '';
  #frozenAll = false;
  #closed = false;
  readonly #fired = new Set<string>();
  readonly #units: UnitBook;
  readonly #custodyAccount: string;

  constructor(
    drafted: ContractDrafted,
    private readonly breaches: string[],
  ) {
    this.#units = new UnitBook(drafted.data.template, drafted.data.params, breaches);
    this.#custodyAccount = `custody:${drafted.data.contractId}`;
  }

  enter(event: ContractEvent, index: number): void {
    const { data } = event;
    const where = `#${index} ${event.type}`;
    if (data.seq !== index) this.#say('I12', where, `seq ${data.seq}`);
    if (data.at < this.#lastAt) this.#say('I5', where, `${data.at} after ${this.#lastAt}`);
    this.#lastAt = data.at;
    if (this.#closed) this.#say('I7', where, 'after the contract was closed');
    const heldBefore = this.#held();
    this.#move(event);
    auditUnits(this.#units, event, { where, heldBefore });
    this.#figures(event, where);
  }

  #held(): bigint {
    return this.#funded - this.#released - this.#refunded;
  }

  #move(event: ContractEvent): void {
    switch (event.type) {
      case 'FundsDeposited':
        this.#funded += event.data.amount;
        this.#post(event.data.postings);
        break;
      case 'FundsReleased':
        this.#released += event.data.amount;
        this.#payout(event);
        break;
      case 'FundsRefunded':
        this.#refunded += event.data.amount;
        this.#payout(event);
        break;
      case 'DisputeOpened':
        this.#frozenAll = event.data.scope === 'held';
        break;
      case 'DisputeResolved':
        this.#frozenAll = false;
        break;
      case 'TimerFired':
        if (this.#fired.has(event.data.timerId))
          this.#say('I9', event.data.timerId, 'a timer that fired twice');
        this.#fired.add(event.data.timerId);
        break;
      default:
    }
  }

  #payout({ type, data }: FundsReleased | FundsRefunded): void {
    const where = `#${data.seq} ${type}`;
    if (this.#frozenAll) this.#say('I6', where, 'money moves while everything is frozen');
    if (data.amount <= 0n) this.#say('I1', where, `an amount of ${data.amount}`);
    const split = data.splits.reduce((sum, { amount }) => sum + amount, 0n);
    if (split !== data.amount) this.#say('I1', where, `splits of ${split} for ${data.amount}`);
    const posted = data.postings.filter(({ source }) => source === this.#custodyAccount);
    const out = posted.reduce((sum, { amount }) => sum + amount.amount, 0n);
    if (out !== data.amount) this.#say('I13', where, `postings of ${out} for ${data.amount}`);
    for (const { account, amount } of data.splits) {
      if (amount < 0n) this.#say('I1', where, `a split of ${amount}`);
      const posting = posted.find((one) => one.destination === account);
      if (amount > 0n && !posting) this.#say('I13', where, `no posting to ${account}`);
    }
    this.#post(data.postings);
  }

  #post(postings: readonly { source: string; destination: string; amount: { amount: bigint } }[]): void {
    for (const { source, destination, amount } of postings) {
      if (source === this.#custodyAccount) this.#custody -= amount.amount;
      if (destination === this.#custodyAccount) this.#custody += amount.amount;
    }
  }

  #figures({ type, data }: ContractEvent, where: string): void {
    const { funded, released, refunded, held, frozen } = data.totals;
    if (funded !== released + refunded + held) this.#say('I1', where, 'totals do not add up');
    const seen: [string, bigint, bigint][] = [
      ['funded', funded, this.#funded],
      ['released', released, this.#released],
      ['refunded', refunded, this.#refunded],
    ];
    // Equal to the sums of what happened, they can only rise (I3).
    for (const [name, said, is] of seen) if (said !== is) this.#say('I3', where, `${name} ${said} is ${is}`);
    if (held < 0n || frozen < 0n || frozen > held) this.#say('I2', where, `held ${held}, frozen ${frozen}`);
    if (this.#custody !== held) this.#say('I13', where, `custody ${this.#custody}, held ${held}`);
    this.#closed = TERMINAL.has(data.status);
    if (this.#closed !== (type === 'ContractClosed')) this.#say('I7', where, `status ${data.status}`);
    if (this.#closed && held !== 0n) this.#say('I7', where, `closed with ${held} held`);
    if (this.#closed && data.nextDueAt !== null) this.#say('I7', where, 'closed with a timer');
  }

  #say(invariant: string, where: string, what: string): void {
    this.breaches.push(`${invariant} ${where}: ${what}`);
  }
}
