/** The half of the audit that looks at rules and their units: what is earned, when it may be paid, and that it is paid once. */
import type {
  ContractEvent,
  EntitlementAccrued,
  EvidenceAccepted,
  FundsRefunded,
  FundsReleased,
  UnitRef,
} from '#libs/contracts/domain/release-contract/messages.js';
import { earned, mostOfLine, resolved } from './oracle.js';
import { amended, standsStill, type RuleBook, type Say, type UnitBook } from './unit-book.js';

interface Place {
  readonly where: string;
  readonly heldBefore: bigint;
}

export function auditUnits(book: UnitBook, event: ContractEvent, place: Place): void {
  const say: Say = (invariant, what) => void book.breaches.push(`${invariant} ${place.where}: ${what}`);
  book.said.hear(event);
  switch (event.type) {
    case 'EvidenceAccepted':
      return evidenceAccepted(book, event.data, say);
    case 'EntitlementAccrued':
      return accrued(book, event.data, say);
    case 'AccrualConfirmed': {
      const unit = book.rules.get(event.data.ruleId)?.units.get(event.data.dedupeKey);
      if (!unit || unit.done) return say('I4', 'confirmed what is not owed');
      if (standsStill(book, event.data)) say('I6', 'confirmed while it is disputed');
      unit.free = true;
      return;
    }
    case 'FundsReleased':
      return released(book, event.data, say);
    case 'FundsRefunded':
      return refunded(book, event.data, { ...place, say });
    case 'EntitlementWaived':
      return waived(book, event.data, say);
    case 'DisputeOpened': {
      const { subject, scope, at } = event.data;
      book.dispute = { subject, scope, openedMs: Date.parse(at) };
      return;
    }
    case 'DisputeResolved':
      return resolvedDispute(book, event.data, say);
    case 'AmendmentProposed':
      book.proposed = { template: event.data.template, params: event.data.params };
      return;
    case 'ContractAmended':
      return amended(book);
    default:
  }
}

function evidenceAccepted(book: UnitBook, data: EvidenceAccepted['data'], say: Say): void {
  const { rule: ruleId, dedupeKey } = data.statement;
  const rule = book.rules.get(ruleId);
  if (!rule) return say('I11', `no rule ${ruleId}`);
  if (rule.evidence.has(dedupeKey)) say('I9', `evidence for ${ruleId} ${dedupeKey} a second time`);
  rule.evidence.set(dedupeKey, data);
  const { entitlementBefore: before, entitlementAfter: after, payableAt } = data;
  if (payableAt === null) {
    if (before !== after) say('I11', 'earned without being payable');
    return;
  }
  rule.payloads.push(data.statement.payload);
  grown(book, rule, { dedupeKey, before, after, payableAt, at: data.at }, say);
}

function accrued(book: UnitBook, data: EntitlementAccrued['data'], say: Say): void {
  const rule = book.rules.get(data.ruleId);
  if (!rule) return say('I11', `no rule ${data.ruleId}`);
  const evidence = rule.evidence.get(data.dedupeKey);
  if (evidence) rule.payloads.push(evidence.statement.payload);
  if (data.claim) {
    rule.claims.push(data.after - data.before);
    if (data.claim.spend < data.after - data.before) say('I4', 'a claim above what was spent');
  }
  grown(book, rule, data, say);
}

interface Growth {
  readonly dedupeKey: string;
  readonly before: bigint;
  readonly after: bigint;
  readonly payableAt: string;
  readonly at: string;
  readonly claim?: unknown;
}

function grown(book: UnitBook, rule: RuleBook, growth: Growth, say: Say): void {
  const { dedupeKey, before, after, payableAt, at } = growth;
  const { id, cooling, cap, when } = rule.terms;
  if (rule.units.has(dedupeKey)) say('I9', `${id} ${dedupeKey} earned a second time`);
  if (before !== rule.entitled) say('I11', `before ${before}, was ${rule.entitled}`);
  if (after < before) say('I3', `an entitlement that falls from ${before} to ${after}`);
  if (
    cooling === undefined
      ? payableAt !== at
      : payableAt <= at && !/^P?T?0/.test(String(resolved(book.params, cooling)))
  )
    say('I10', `payable at ${payableAt} with cooling ${cooling}`);
  const claimed = 'claim' in growth && growth.claim !== undefined;
  const unitNow = { ruleId: id, dedupeKey, atMs: Date.parse(at), claimed };
  if (!book.said.holds(when, book.params, unitNow))
    say('I10', `${id} ${dedupeKey} earned before its conditions hold`);
  rule.entitled = after;
  const unit = {
    amount: after - before,
    payableAtMs: Date.parse(payableAt),
    free: false,
    done: false,
    waived: false,
  };
  rule.units.set(dedupeKey, unit);
  if (cap !== undefined && after > BigInt(String(resolved(book.params, cap))))
    say('I4', `${after} above the cap`);
  agrees(book, rule, Date.parse(at), say);
}

/** I11: against the closed form. */
function agrees(book: UnitBook, rule: RuleBook, atMs: number, say: Say): void {
  const { amount, cap } = rule.terms;
  if ('linear' in amount) {
    const most = mostOfLine(book.params, amount, atMs - book.frozenMs);
    if (rule.entitled > most && rule.base.entitled === 0n)
      say('I11', `${rule.entitled} earned, at most ${most} by now`);
    return;
  }
  const counted = { payloads: rule.payloads, claims: rule.claims, fulfilled: true, nowMs: atMs };
  const form = earned(book.template, book.params, amount, { counted, base: rule.base });
  if (form === undefined) return;
  const limit = cap === undefined ? form : BigInt(String(resolved(book.params, cap)));
  const expected = form < limit ? form : limit;
  if (rule.entitled !== expected)
    say('I11', `${rule.terms.id} has earned ${rule.entitled}, closed form ${expected}`);
}

function released(book: UnitBook, data: FundsReleased['data'], say: Say): void {
  // What remains at the end goes by no rule of the template.
  if (data.ruleId === null) return;
  const rule = book.rules.get(data.ruleId);
  if (!rule) return say('I4', `pays by a rule that does not exist, ${data.ruleId}`);
  paid(book, rule, data, say);
  if (data.cumulative !== rule.paid) say('I4', `cumulative ${data.cumulative}, paid ${rule.paid}`);
  sharesOf(rule, data, say);
}

/** Each unit once, not before its notice has run out, and not while it is in dispute. */
function paid(
  book: UnitBook,
  rule: RuleBook,
  data: { readonly amount: bigint; readonly at: string; readonly dedupeKeys: readonly string[] },
  say: Say,
): void {
  const { id } = rule.terms;
  rule.paid += data.amount;
  if (rule.paid + rule.waived > rule.entitled)
    say('I4', `${id}: paid ${rule.paid}, waived ${rule.waived}, entitled ${rule.entitled}`);
  const now = Date.parse(data.at);
  let due = 0n;
  for (const key of data.dedupeKeys) {
    const unit = rule.units.get(key);
    if (!unit) {
      say('I4', `pays ${key}, which is not earned`);
      continue;
    }
    due += unit.amount;
    if (unit.done) say('I9', `pays ${key} a second time`);
    if (!unit.free && unit.payableAtMs > now) say('I10', `pays ${key} before its notice has run out`);
    if (standsStill(book, { ruleId: id, dedupeKey: key })) say('I6', `pays ${key} while it is disputed`);
  }
  if (data.amount > due) say('I4', `pays ${data.amount} for units of ${due}`);
  if (rule.paid + rule.waived < rule.entitled) return;
  // A reading that has not moved earns nothing, and may still be confirmed.
  for (const unit of rule.units.values()) unit.done ||= unit.amount > 0n;
}

function sharesOf(rule: RuleBook, data: FundsReleased['data'], say: Say): void {
  const { to } = rule.terms;
  const shares = typeof to === 'string' ? [{ to, share: 'rest' }] : to;
  let rest = data.amount;
  const expected = new Map<string, bigint>();
  for (const { to: role, share } of shares) {
    if (share === 'rest') continue;
    const [top = '0', bottom = '1'] = share.split('/');
    const part = (data.amount * BigInt(top)) / BigInt(bottom);
    expected.set(role, part);
    rest -= part;
  }
  const taker = shares.find(({ share }) => share === 'rest')?.to ?? shares.at(-1)!.to;
  expected.set(taker, (expected.get(taker) ?? 0n) + rest);
  for (const [role, amount] of expected) {
    const given = data.splits.find((split) => split.role === role)?.amount ?? 0n;
    if (given !== amount) say('I11', `${role} gets ${given} of ${data.amount}, its share is ${amount}`);
  }
}

function refunded(
  book: UnitBook,
  data: FundsRefunded['data'],
  { heldBefore, say }: Place & { say: Say },
): void {
  const rule = data.ruleId === null ? undefined : book.rules.get(data.ruleId);
  if (data.reason === 'rule') {
    if (!rule) return say('I4', 'a refund by a rule that does not exist');
    paid(book, rule, data, say);
  }
  const subject = data.reason === 'dispute' ? book.lastDispute?.subject : undefined;
  const lost = subject && book.rules.get(subject.ruleId)?.units.get(subject.dedupeKey);
  if (lost && !lost.waived) say('I10', 'given back and still owed');
  // What the rule itself was owed has been paid just now: what is left is owed to others, and nobody may take it.
  const free = largest(heldBefore - book.owed(), 0n);
  if (data.amount > free) say('I10', `${data.amount} refunded, ${free} of ${heldBefore} was free`);
}

function waived(book: UnitBook, data: UnitRef & { amount: bigint }, say: Say): void {
  const rule = book.rules.get(data.ruleId);
  if (!rule) return say('I4', `no rule ${data.ruleId}`);
  rule.waived += data.amount;
  const unit = rule.units.get(data.dedupeKey);
  if (unit) unit.waived = true;
  if (rule.paid + rule.waived > rule.entitled) say('I4', 'more waived than earned');
}

function resolvedDispute(
  book: UnitBook,
  data: { outcome: string; shiftMs: number; at: string },
  say: Say,
): void {
  const { dispute } = book;
  if (!dispute) return say('I6', 'a dispute that was not open');
  book.dispute = undefined;
  book.lastDispute = dispute;
  if (data.shiftMs !== Date.parse(data.at) - dispute.openedMs) say('I5', `shifted by ${data.shiftMs}`);
  const shifts = (ruleId: string, key: string) =>
    dispute.scope === 'held' ||
    (dispute.subject?.ruleId === ruleId && (dispute.scope === 'rule' || dispute.subject.dedupeKey === key));
  for (const [ruleId, rule] of book.rules) {
    for (const [key, unit] of rule.units) {
      if (!shifts(ruleId, key)) continue;
      if (unit.payableAtMs > dispute.openedMs) unit.payableAtMs += data.shiftMs;
      const isSubject =
        dispute.subject === null || (dispute.subject.ruleId === ruleId && dispute.subject.dedupeKey === key);
      if (isSubject && data.outcome === 'release') unit.free = true;
    }
  }
  if (dispute.scope === 'held') book.frozenMs += data.shiftMs;
}

function largest(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}
