import { keysThatSigned } from './contract-signatures.js';
import { type ContractTerms, recordOf, termsOf } from './contract-terms.js';
import { type ExportedEvent, idIn, nameOf, recordsOf, textOf } from './export.js';
import { at } from './order-and-chain.js';
import { subjectOf, unitKeyOf } from './contract-earnings.js';
import { Verdict } from './verdict.js';

/** Of one contract: its clock, its dispute, who has signed. */
interface Conduct {
  terms: ContractTerms;
  proposed: ContractTerms | undefined;
  roles: readonly string[];
  readonly signed: Set<string>;
  readonly amendmentSigned: Set<string>;
  readonly fired: Set<string>;
  /** When a timer that is told of may fire at the earliest, by its id. */
  readonly due: Map<string, string>;
  /** As its last event says. */
  nextDueAt: string;
  status: string;
  commandId: string;
  lastType: string;
  lastTimer: string;
  dispute: Dispute | undefined;
}

interface Dispute {
  readonly id: string;
  readonly scope: string;
  readonly subject: string | undefined;
  readonly rule: string;
  readonly votes: Map<string, string>;
}

/** How far an attestor's clock may be ahead; milliseconds. */
const CLOCK_SKEW_MS = 5 * 60_000;
const PAYOUTS = new Set(['FundsReleased', 'FundsRefunded']);

/** When release contracts act by themselves, who may make them, and what stands still. */
export class ContractConduct {
  readonly timers = new Verdict(
    'contracts',
    'a timer fires once, not before it is due, and before anything else happens',
  );
  readonly agreed = new Verdict(
    'contracts',
    'terms, evidence and decisions are signed by whoever must sign them',
  );
  readonly still = new Verdict('contracts', 'what is disputed stands still until it is decided');
  readonly #contracts = new Map<string, Conduct>();

  /** Contracts of which something was due at a moment, with that moment. */
  *dueBefore(moment: string): Generator<readonly [contractId: string, dueAt: string]> {
    for (const [id, { nextDueAt }] of this.#contracts) {
      if (nextDueAt !== '' && nextDueAt < moment) yield [id, nextDueAt];
    }
  }

  get size(): number {
    return this.#contracts.size;
  }

  observe(event: ExportedEvent): void {
    const id = idIn('contract', event.stream);
    if (id === undefined) return;
    const name = nameOf(event.type);
    const contract = this.#contracts.get(id) ?? drafted(event);
    this.#contracts.set(id, contract);
    if (name === 'TimerFired') this.#fired(contract, event);
    else this.#nothingDueBefore(contract, event);
    if (PAYOUTS.has(name)) this.#standsStill(contract, event);
    this.#happened(contract, name, event);
    const { data, metadata } = event;
    contract.nextDueAt = textOf(data['nextDueAt']);
    contract.status = textOf(data['status']);
    contract.commandId = textOf(metadata['commandId']);
    contract.lastType = name;
  }

  #fired(contract: Conduct, event: ExportedEvent): void {
    const { timerId, dueAt } = event.data;
    const [id, due, now] = [textOf(timerId), textOf(dueAt), textOf(event.data['at'])];
    const earliest = contract.due.get(id) ?? '';
    // Steps follow from the terms, further ends from how many units there are to waive.
    const told = contract.due.has(id) || /^(step:|end:\d+$)/.test(id);
    this.timers.expect(
      told && !contract.fired.has(id) && due <= now && due >= earliest && due === contract.nextDueAt,
      () =>
        `${at(event)}: ${id} due ${due}${contract.fired.has(id) ? ' again' : ''}, ` +
        `by the log ${earliest || 'never'}, next was ${contract.nextDueAt || 'nothing'}`,
    );
    contract.fired.add(id);
    contract.lastTimer = id;
  }

  /** The first event of a decision comes after whatever was due before it. */
  #nothingDueBefore({ commandId, nextDueAt }: Conduct, event: ExportedEvent): void {
    if (textOf(event.metadata['commandId']) === commandId) return;
    const waits = nextDueAt !== '' && nextDueAt <= textOf(event.data['at']);
    this.timers.expect(!waits, () => `${at(event)}: while something was due at ${nextDueAt}`);
  }

  #standsStill({ dispute, status }: Conduct, event: ExportedEvent): void {
    const rule = textOf(event.data['ruleId']);
    const keys = Array.isArray(event.data['dedupeKeys']) ? event.data['dedupeKeys'].map(textOf) : [];
    const { scope, subject } = dispute ?? {};
    const ofRule = scope === 'rule' && rule === dispute?.rule;
    const ofUnit = scope === 'unit' && keys.some((key) => unitKeyOf(rule, key) === subject);
    const frozen = status === 'frozen' || scope === 'held' || ofRule || ofUnit;
    this.still.expect(!frozen, () => `${at(event)}: pays out what a dispute holds`);
  }

  #happened(contract: Conduct, name: string, event: ExportedEvent): void {
    const { data } = event;
    switch (name) {
      case 'ContractSigned':
        contract.signed.add(textOf(data['role']));
        return;
      case 'FundingReserved':
      case 'FundsDeposited':
        return this.#allSigned(contract.terms.signers, contract.signed, contract, event);
      case 'ContractActivated':
      case 'ContractAmended':
        return this.#newTerms(contract, name, event);
      case 'EvidenceAccepted':
        return this.#evidence(contract, event);
      case 'EntitlementAccrued':
        return notice(contract, data['ruleId'], data['dedupeKey'], data['payableAt']);
      case 'AmendmentProposed':
        contract.proposed = termsOf(data);
        contract.amendmentSigned.clear();
        return;
      case 'AmendmentSigned':
        contract.amendmentSigned.add(textOf(data['role']));
        return;
      case 'DisputeOpened':
      case 'VoteRecorded':
      case 'DisputeResolved':
        return this.#disputed(contract, name, event);
    }
  }

  #newTerms(contract: Conduct, name: string, event: ExportedEvent): void {
    const { data } = event;
    contract.due.set('end', textOf(data['endsAt']));
    if (name === 'ContractAmended' && contract.proposed) {
      const signers = [...new Set([...contract.terms.signers, ...contract.proposed.signers])];
      this.#allSigned(signers, contract.amendmentSigned, contract, event);
      contract.terms = contract.proposed;
      contract.due.set('fundBy', contract.terms.fundBy);
      // New terms have moments and steps of their own.
      for (const id of contract.fired) if (/^(at|step):/.test(id)) contract.fired.delete(id);
    }
    for (const { timerId, dueAt } of recordsOf(data['timers']))
      contract.due.set(textOf(timerId), textOf(dueAt));
  }

  #allSigned(
    signers: readonly string[],
    signed: ReadonlySet<string>,
    { roles }: Conduct,
    event: ExportedEvent,
  ): void {
    const missing = signers.filter((role) => roles.includes(role) && !signed.has(role));
    this.agreed.expect(missing.length === 0, () => `${at(event)}: not signed by ${missing.join(', ')}`);
  }

  #evidence(contract: Conduct, event: ExportedEvent): void {
    const { data } = event;
    const statement = recordOf(data['statement']);
    const attestor = contract.terms.attestors.get(textOf(data['attestor']));
    const signed = attestor ? keysThatSigned(statement, data['signatures'], attestor) : -1;
    const own = statement['contractId'] === idIn('contract', event.stream);
    const early =
      Date.parse(textOf(statement['observedAt'])) - Date.parse(textOf(data['at'])) > CLOCK_SKEW_MS;
    this.agreed.expect(
      signed >= (attestor?.k ?? 1) && own && !early,
      () =>
        `${at(event)}: signed by ${signed} keys of ${textOf(data['attestor'])}, for ${textOf(statement['contractId'])}`,
    );
    notice(contract, statement['rule'], statement['dedupeKey'], data['payableAt']);
  }

  #disputed(contract: Conduct, name: string, event: ExportedEvent): void {
    const { data } = event;
    const id = textOf(data['disputeId']);
    if (name === 'DisputeOpened') {
      this.still.expect(contract.dispute === undefined, () => `${at(event)}: beside another dispute`);
      const { subject } = data;
      const rule = textOf(recordOf(subject)['ruleId']);
      const scope = textOf(data['scope']);
      contract.dispute = { id, scope, subject: subjectOf(subject), rule, votes: new Map() };
      contract.due.set(`dispute:${id}`, textOf(data['deadline']));
      return;
    }
    const { dispute } = contract;
    this.still.expect(dispute?.id === id, () => `${at(event)}: of no open dispute`);
    if (name === 'VoteRecorded') dispute?.votes.set(textOf(data['role']), textOf(data['outcome']));
    else this.#resolved(contract, event);
  }

  #resolved(contract: Conduct, event: ExportedEvent): void {
    const { dispute, terms } = contract;
    const { outcome, how, disputeId } = event.data;
    const { k, of } = terms.resolve;
    const votes = [...(dispute?.votes ?? [])].filter(([role, said]) => said === outcome && of.includes(role));
    const expired =
      contract.lastType === 'TimerFired' && contract.lastTimer === `dispute:${textOf(disputeId)}`;
    const right = how === 'vote' ? votes.length >= k : expired && outcome === terms.byDefault;
    this.agreed.expect(
      right,
      () => `${at(event)}: ${textOf(outcome)} by ${textOf(how)}, ${votes.length} of ${k} voted so`,
    );
    contract.dispute = undefined;
  }
}

function drafted({ data }: ExportedEvent): Conduct {
  return {
    terms: termsOf(data),
    proposed: undefined,
    roles: recordsOf(data['parties']).map((party) => textOf(party['role'])),
    signed: new Set(),
    amendmentSigned: new Set(),
    fired: new Set(),
    due: new Map([['fundBy', textOf(data['fundBy'])]]),
    nextDueAt: '',
    status: '',
    commandId: '',
    lastType: '',
    lastTimer: '',
    dispute: undefined,
  };
}

function notice(contract: Conduct, rule: unknown, key: unknown, payableAt: unknown): void {
  if (typeof payableAt === 'string') contract.due.set(`payable:${textOf(rule)}:${textOf(key)}`, payableAt);
}
