import {
  amended,
  bookIn,
  decided,
  earningsOf,
  type Earnings,
  noteReading,
  subjectOf,
  timerFired,
  unitIn,
} from './contract-earnings.js';
import { entitlementAfter } from './contract-entitlement.js';
import { recordOf, termsOf } from './contract-terms.js';
import { unitsOf } from './contracts.js';
import { type ExportedEvent, idIn, nameOf, textOf } from './export.js';
import { at } from './order-and-chain.js';
import { Verdict } from './verdict.js';

const TERMINAL = new Set(['completed', 'cancelled', 'refunded', 'expired']);

/** What the rules of release contracts earn, recomputed from their templates, and what is paid for it. */
export class ContractUnits {
  readonly entitled = new Verdict(
    'contracts',
    'a rule is entitled to what its terms give, each unit accrues once, none pays more',
  );
  readonly paid = new Verdict(
    'contracts',
    'a unit is paid once, after its notice, a confirmation or a decision; a release is one',
  );
  readonly spared = new Verdict(
    'contracts',
    'what a rule is owed goes to nobody else; at the end nothing is owed',
  );
  readonly #contracts = new Map<string, Earnings>();

  of(contractId: string): Earnings | undefined {
    return this.#contracts.get(contractId);
  }

  observe(event: ExportedEvent): void {
    const id = idIn('contract', event.stream);
    if (id === undefined) return;
    const contract = this.#contracts.get(id) ?? this.#drafted(id, event);
    if (contract === undefined) return;
    this.#happened(contract, event);
    contract.held = unitsOf(recordOf(event.data['totals'])['held']);
    contract.status = textOf(event.data['status']);
    if (!TERMINAL.has(contract.status)) return;
    this.spared.expect(contract.owed === 0n, () => `${at(event)}: ends and owes ${contract.owed}`);
  }

  #drafted(id: string, event: ExportedEvent): Earnings | undefined {
    if (nameOf(event.type) !== 'ContractDrafted') {
      this.entitled.violated(`${at(event)}: of a contract that was never drafted`);
      return undefined;
    }
    const contract = earningsOf(event);
    this.#contracts.set(id, contract);
    return contract;
  }

  #happened(contract: Earnings, event: ExportedEvent): void {
    const { data } = event;
    switch (nameOf(event.type)) {
      case 'EvidenceAccepted':
        return this.#evidence(contract, event);
      case 'EntitlementAccrued':
        return this.#accrued(contract, event, {
          rule: textOf(data['ruleId']),
          key: textOf(data['dedupeKey']),
          before: unitsOf(data['before']),
          after: unitsOf(data['after']),
        });
      case 'AccrualConfirmed':
        return this.#confirmed(contract, event);
      case 'TimerFired':
        return timerFired(contract, textOf(data['timerId']));
      case 'DisputeOpened':
        contract.disputed = subjectOf(data['subject']);
        return;
      case 'DisputeResolved':
        if (data['outcome'] === 'release') decided(contract);
        return;
      case 'FundsReleased':
      case 'FundsRefunded':
        return this.#payout(contract, event);
      case 'EntitlementWaived':
        return this.#waived(contract, event);
      case 'AmendmentProposed':
        contract.proposed = termsOf(data);
        return;
      case 'ContractAmended':
        return amended(contract);
    }
  }

  #evidence(contract: Earnings, event: ExportedEvent): void {
    const { data } = event;
    const statement = recordOf(data['statement']);
    const [rule, key] = [textOf(statement['rule']), textOf(statement['dedupeKey'])];
    const unit = unitIn(contract, rule, key);
    unit.payload = { ...unit.payload, ...recordOf(statement['payload']) };
    noteReading(contract, rule, unit.payload);
    const [before, after] = [unitsOf(data['entitlementBefore']), unitsOf(data['entitlementAfter'])];
    if (data['payableAt'] !== null) return this.#accrued(contract, event, { rule, key, before, after });
    const book = bookIn(contract, rule);
    this.entitled.expect(
      before === book.entitled && after === before,
      () => `${at(event)}: earns ${after - before} before it is due any`,
    );
  }

  #accrued(contract: Earnings, event: ExportedEvent, earned: Earned): void {
    const { rule, key, before, after } = earned;
    const unit = unitIn(contract, rule, key);
    const book = bookIn(contract, rule);
    const terms = contract.terms.rules.get(rule);
    const accrual = {
      payload: unit.payload,
      at: textOf(event.data['at']),
      after,
      free: contract.held > contract.owed ? contract.held - contract.owed : 0n,
    };
    const [least, most] = terms ? entitlementAfter(terms, book, accrual) : [0n, 0n];
    this.entitled.expect(
      before === book.entitled && after >= least && after <= most && !unit.accrued,
      () =>
        `${at(event)}: ${rule} ${key} from ${before} to ${after}${unit.accrued ? ' again' : ''}, ` +
        `by its terms from ${book.entitled} to ${least === most ? most : `${least} … ${most}`}`,
    );
    unit.accrued = true;
    unit.amount = after - before;
    unit.payableAt = textOf(event.data['payableAt']);
    unit.due = unit.payableAt <= accrual.at;
    const early = !terms?.cooling && !unit.due;
    this.paid.expect(!early, () => `${at(event)}: ${rule} ${key} has a notice that its terms do not give`);
    book.entitled = after;
    book.accrued += 1;
    contract.owed += unit.amount;
  }

  #confirmed(contract: Earnings, event: ExportedEvent): void {
    const rule = textOf(event.data['ruleId']);
    const unit = unitIn(contract, rule, textOf(event.data['dedupeKey']));
    const by = textOf(recordOf(event.data['by'])['role']);
    const may = contract.terms.rules.get(rule)?.confirmedBy.includes(by) ?? false;
    this.paid.expect(
      may && unit.accrued && !unit.due,
      () => `${at(event)}: ${rule} confirmed by ${by}, in vain`,
    );
    unit.due = true;
  }

  #payout(contract: Earnings, event: ExportedEvent): void {
    const { data } = event;
    const released = nameOf(event.type) === 'FundsReleased';
    const payoutId = textOf(data[released ? 'releaseId' : 'refundId']);
    this.paid.expect(!contract.payouts.has(payoutId), () => `${at(event)}: ${payoutId} again`);
    contract.payouts.add(payoutId);
    const minor = unitsOf(data['amount']);
    if (typeof data['ruleId'] === 'string') return this.#payUnits(contract, event, minor);
    const free = contract.held - contract.owed;
    this.spared.expect(
      minor <= free,
      () => `${at(event)}: ${minor} leave, ${contract.owed} of ${contract.held} are owed`,
    );
  }

  #payUnits(contract: Earnings, event: ExportedEvent, minor: bigint): void {
    const { data } = event;
    const rule = textOf(data['ruleId']);
    const book = bookIn(contract, rule);
    const keys = Array.isArray(data['dedupeKeys']) ? data['dedupeKeys'].map(textOf) : [];
    let left = minor;
    for (const key of keys) {
      const unit = unitIn(contract, rule, key);
      const open = unit.amount - unit.paid - unit.waived;
      const part = open < left ? open : left;
      this.paid.expect(
        part > 0n && unit.due,
        () => `${at(event)}: ${rule} ${key}, of which ${open} are open${unit.due ? '' : ' and in notice'}`,
      );
      unit.paid += part;
      left -= part;
    }
    const does = nameOf(event.type) === 'FundsReleased' ? 'release' : 'refund';
    const right = contract.terms.rules.get(rule)?.does ?? does;
    this.paid.expect(
      left === 0n && right === does,
      () => `${at(event)}: ${left} of ${minor} are of no unit, by a rule that does ${right}`,
    );
    book.paid += minor;
    contract.owed -= minor - left;
    const said = data['cumulative'] === undefined ? book.paid : unitsOf(data['cumulative']);
    this.entitled.expect(
      book.paid + book.waived <= book.entitled && said === book.paid,
      () => `${at(event)}: ${rule} has paid ${book.paid}, says ${said}, is entitled to ${book.entitled}`,
    );
  }

  #waived(contract: Earnings, event: ExportedEvent): void {
    const { data } = event;
    const rule = textOf(data['ruleId']);
    const unit = unitIn(contract, rule, textOf(data['dedupeKey']));
    const minor = unitsOf(data['amount']);
    const open = unit.amount - unit.paid - unit.waived;
    const short = data['reason'] !== 'shortfall' || contract.held === 0n;
    this.paid.expect(
      minor === open && minor > 0n && short,
      () => `${at(event)}: ${minor} of ${open} waived (${textOf(data['reason'])}), ${contract.held} are held`,
    );
    unit.waived += minor;
    bookIn(contract, rule).waived += minor;
    contract.owed -= minor;
  }
}

interface Earned {
  readonly rule: string;
  readonly key: string;
  readonly before: bigint;
  readonly after: bigint;
}
