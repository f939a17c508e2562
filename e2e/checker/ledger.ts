import { amountOf, type ExportedEvent, isRecord, nameOf } from './export.js';
import { at } from './order-and-chain.js';
import { Verdict } from './verdict.js';

/** Money that was there before it was given away: these accounts can never be below zero. */
const NEVER_NEGATIVE = /^(wallet|hold|cash|custody|org|suspense|treasury|bank|advance|clearing):/;
const ACCOUNT = /^[a-z]+(:[A-Za-z0-9._-]+)+$/;

export interface Posting {
  readonly source: string;
  readonly destination: string;
  readonly asset: string;
  readonly minor: bigint;
}

/** I3: the fold of all postings, per tenant and asset. */
export class Ledger {
  readonly balanced = new Verdict('I3', 'debits equal credits per tenant and asset, at every position');
  readonly covered = new Verdict(
    'I3',
    'no wallet, hold, advance, clearing or payable account is ever below zero',
  );
  /** `tenant asset account` → minor units. */
  readonly #balances = new Map<string, bigint>();
  /** `tenant asset` → sum over all accounts. */
  readonly #sums = new Map<string, bigint>();
  /** `tenant asset account` → what an institution has paid after it had refused to, and that is claimed back from it. */
  readonly #claims = new Map<string, bigint>();

  observe(event: ExportedEvent): void {
    const { postings } = event.data;
    if (postings === undefined) return;
    const tenant = String(event.metadata['tenant']);
    const read = Array.isArray(postings) ? postings.map(postingOf) : [undefined];
    for (const posting of read) {
      if (!posting) {
        this.balanced.violated(`a posting of ${at(event)} is not one`);
        continue;
      }
      this.#move(`${tenant} ${posting.asset}`, posting, event);
    }
    // Sides are added up apart, so that a one-sided entry would show here.
    for (const ledger of new Set(read.map((posting) => `${tenant} ${posting?.asset ?? '?'}`))) {
      this.balanced.expect(
        (this.#sums.get(ledger) ?? 0n) === 0n,
        () => `${ledger} is off by ${this.#sums.get(ledger)} after ${at(event)}`,
      );
    }
  }

  /** Balances at the end, without the accounts that stand at zero. */
  balances(tenant: string, asset: string): ReadonlyMap<string, bigint> {
    const prefix = `${tenant} ${asset} `;
    const found = new Map<string, bigint>();
    for (const [key, balance] of this.#balances) {
      if (key.startsWith(prefix) && balance !== 0n) found.set(key.slice(prefix.length), balance);
    }
    return found;
  }

  /** Every tenant and asset that had a posting. */
  ledgers(): readonly { readonly tenant: string; readonly asset: string }[] {
    return [...this.#sums.keys()].map((key) => {
      const [tenant = '', asset = ''] = key.split(' ');
      return { tenant, asset };
    });
  }

  #move(ledger: string, { source, destination, minor }: Posting, event: ExportedEvent): void {
    this.#add(ledger, source, -minor);
    this.#add(ledger, destination, minor);
    if (!NEVER_NEGATIVE.test(source)) return;
    const key = `${ledger} ${source}`;
    const left = this.#balances.get(key) ?? 0n;
    if (source.startsWith('suspense:') && nameOf(event.type).endsWith('PaidAfterAll'))
      this.#claims.set(key, (this.#claims.get(key) ?? 0n) + minor);
    this.covered.expect(
      left + (this.#claims.get(key) ?? 0n) >= 0n,
      () => `${source} stands at ${left} after ${at(event)}`,
    );
  }

  #add(ledger: string, account: string, minor: bigint): void {
    const key = `${ledger} ${account}`;
    this.#balances.set(key, (this.#balances.get(key) ?? 0n) + minor);
    this.#sums.set(ledger, (this.#sums.get(ledger) ?? 0n) + minor);
  }
}

/** `undefined` for what is no posting: a missing or malformed account, equal ends, an amount that is not above zero. */
export function postingOf(value: unknown): Posting | undefined {
  if (!isRecord(value)) return undefined;
  const { source, destination } = value;
  const amount = amountOf(value['amount']);
  if (typeof source !== 'string' || !ACCOUNT.test(source)) return undefined;
  if (typeof destination !== 'string' || !ACCOUNT.test(destination) || source === destination)
    return undefined;
  if (!amount || amount.minor <= 0n) return undefined;
  return { source, destination, asset: amount.asset, minor: amount.minor };
}

/** All postings of an event, the malformed ones left out. */
export function postingsOf(event: ExportedEvent): readonly Posting[] {
  const { postings } = event.data;
  return Array.isArray(postings) ? postings.flatMap((value) => postingOf(value) ?? []) : [];
}
