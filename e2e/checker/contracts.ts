import { type ExportedEvent, idIn, isRecord, nameOf, recordsOf, textOf } from './export.js';
import { postingsOf } from './ledger.js';
import { at } from './order-and-chain.js';
import type { Payments } from './payments.js';
import { Verdict } from './verdict.js';

export interface FoldedContract {
  readonly id: string;
  readonly tenant: string;
  readonly asset: string;
  status: string;
  funded: bigint;
  released: bigint;
  refunded: bigint;
  held: bigint;
  /** What of the contract's own events the fold has seen. */
  paidIn: bigint;
  paidOut: bigint;
  paidBack: bigint;
  /** By payment: room that is promised to it. */
  readonly reservations: Map<string, bigint>;
  readonly deposits: FoldedDeposit[];
}

export interface FoldedDeposit {
  readonly depositId: string;
  readonly minor: bigint;
  readonly paymentId: string;
  /** Where it came from, and by which payout of it; empty for a payment's. */
  readonly fromContract: string;
  readonly releaseId: string;
}

const TERMINAL = new Set(['completed', 'cancelled', 'refunded', 'expired']);
const CUSTODY = 'custody:';

/** I13, and the money of release contracts: what they say they hold is what their custody account holds, at every position. */
export class Contracts {
  readonly custody = new Verdict(
    'I13',
    'custody holds what its contract says, after every event; nobody else moves it',
  );
  readonly conserved = new Verdict(
    'contracts',
    'funded = released + refunded + held by its own events; at the end nothing is held',
  );
  readonly funding = new Verdict(
    'contracts',
    'a contract takes in what a payment has captured for it, once, and what it had room for',
  );
  readonly contracts = new Map<string, FoldedContract>();
  /** By contract: what the postings of all events have put there. */
  readonly #posted = new Map<string, bigint>();

  constructor(private readonly payments: Payments) {}

  observe(event: ExportedEvent): void {
    const own = idIn('contract', event.stream);
    this.#post(own, event);
    if (own === undefined) return;
    const contract = this.#contractOf(own, event);
    const before = { ...contract };
    this.conserved.expect(!TERMINAL.has(contract.status), () => `${at(event)}: after the end`);
    this.#move(contract, event);
    this.#total(contract, before, event);
    this.custody.expect(
      (this.#posted.get(own) ?? 0n) === contract.held,
      () => `${at(event)}: holds ${contract.held}, its custody ${this.#posted.get(own) ?? 0n}`,
    );
  }

  #post(own: string | undefined, event: ExportedEvent): void {
    for (const { source, destination, minor } of postingsOf(event)) {
      for (const [account, change] of [
        [source, -minor],
        [destination, minor],
      ] as const) {
        if (!account.startsWith(CUSTODY)) continue;
        const id = account.slice(CUSTODY.length);
        this.#posted.set(id, (this.#posted.get(id) ?? 0n) + change);
        this.custody.expect(id === own, () => `${at(event)}: moves ${change} of ${account}`);
      }
    }
  }

  #contractOf(id: string, { data, metadata }: ExportedEvent): FoldedContract {
    const known = this.contracts.get(id);
    if (known) return known;
    const contract: FoldedContract = {
      id,
      tenant: textOf(metadata['tenant']),
      asset: textOf(data['asset']),
      status: '',
      funded: 0n,
      released: 0n,
      refunded: 0n,
      held: 0n,
      paidIn: 0n,
      paidOut: 0n,
      paidBack: 0n,
      reservations: new Map(),
      deposits: [],
    };
    this.contracts.set(id, contract);
    return contract;
  }

  #move(contract: FoldedContract, event: ExportedEvent): void {
    const minor = unitsOf(event.data['amount']);
    const paymentId = textOf(event.data['paymentId']);
    switch (nameOf(event.type)) {
      case 'FundingReserved':
        contract.reservations.set(paymentId, minor);
        return;
      case 'FundingReleased':
        contract.reservations.delete(paymentId);
        return;
      case 'FundsDeposited':
        return this.#deposit(contract, minor, event);
      case 'FundsReleased':
      case 'FundsRefunded':
        return this.#payOut(contract, minor, event);
    }
  }

  #deposit(contract: FoldedContract, minor: bigint, event: ExportedEvent): void {
    const source = isRecord(event.data['source']) ? event.data['source'] : {};
    const paymentId = textOf(source['paymentId']);
    const depositId = textOf(event.data['depositId']);
    contract.paidIn += minor;
    const again = contract.deposits.some(
      (deposit) => deposit.depositId === depositId || (paymentId !== '' && deposit.paymentId === paymentId),
    );
    if (paymentId !== '') {
      const payment = this.payments.payments.get(paymentId);
      const meant = payment?.status === 'captured' && payment.funds === contract.id;
      const right = meant && payment.total === minor && contract.reservations.get(paymentId) === minor;
      this.funding.expect(
        right && !again,
        () => `${at(event)}: ${minor} of payment ${paymentId}, again or not captured for it`,
      );
      contract.reservations.delete(paymentId);
    } else this.funding.expect(!again, () => `${at(event)}: deposit ${depositId} again`);
    contract.deposits.push({
      depositId,
      minor,
      paymentId,
      fromContract: textOf(source['contractId']),
      releaseId: textOf(source['releaseId']),
    });
    const [into, ...others] = postingsOf(event);
    const moved = into?.source === 'clearing:funding' && into.minor === minor && others.length === 0;
    this.conserved.expect(moved, () => `${at(event)}: the postings are not the deposit`);
  }

  #payOut(contract: FoldedContract, minor: bigint, event: ExportedEvent): void {
    if (nameOf(event.type) === 'FundsReleased') contract.paidOut += minor;
    else contract.paidBack += minor;
    const splits = recordsOf(event.data['splits']);
    const shared = splits.reduce((sum, split) => sum + unitsOf(split['amount']), 0n);
    const wanted = sumTo(splits.map((split) => [textOf(split['account']), unitsOf(split['amount'])]));
    const moved = sumTo(postingsOf(event).map(({ destination, minor: part }) => [destination, part]));
    this.conserved.expect(
      shared === minor && wanted === moved,
      () => `${at(event)}: ${minor} paid out, its splits are ${wanted}, its postings ${moved}`,
    );
  }

  #total(contract: FoldedContract, before: FoldedContract, event: ExportedEvent): void {
    const totals = isRecord(event.data['totals']) ? event.data['totals'] : {};
    contract.funded = unitsOf(totals['funded']);
    contract.released = unitsOf(totals['released']);
    contract.refunded = unitsOf(totals['refunded']);
    contract.held = unitsOf(totals['held']);
    contract.status = textOf(event.data['status']);
    const { funded, released, refunded, held, paidIn, paidOut, paidBack, status } = contract;
    this.conserved.expect(
      funded === released + refunded + held && held >= 0n && (!TERMINAL.has(status) || held === 0n),
      () => `${at(event)}: funded ${funded}, released ${released}, refunded ${refunded}, held ${held}`,
    );
    const own = funded === paidIn && released === paidOut && refunded === paidBack;
    const forward = funded >= before.funded && released >= before.released && refunded >= before.refunded;
    this.conserved.expect(own && forward, () => `${at(event)}: its totals are not what it has moved`);
  }
}

/** Contracts write amounts as minor units without an asset, which is the same all along. */
export function unitsOf(value: unknown): bigint {
  return typeof value === 'string' && /^(0|[1-9]\d*)$/.test(value) ? BigInt(value) : 0n;
}

/** `account amount` per account, in one text. */
function sumTo(parts: readonly (readonly [account: string, minor: bigint])[]): string {
  const sums = new Map<string, bigint>();
  for (const [account, minor] of parts) sums.set(account, (sums.get(account) ?? 0n) + minor);
  return [...sums]
    .filter(([, minor]) => minor !== 0n)
    .map(([account, minor]) => `${account} ${minor}`)
    .sort()
    .join(', ');
}
