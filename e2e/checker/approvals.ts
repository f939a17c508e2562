import { createHash } from 'node:crypto';
import { type ExportedEvent, idIn, isRecord, type JsonRecord, nameOf, textOf } from './export.js';
import { at } from './order-and-chain.js';
import { Verdict } from './verdict.js';

type Status = 'pending' | 'granted' | 'declined' | 'void' | 'used';

interface FoldedApproval {
  readonly subject: string;
  status: Status;
  payloadHash: string;
  makerPerson: string;
  makerAccount: string;
  expiresAt: string;
  checkerPerson: string;
}

/** What each event may follow, and what it leads to. */
const STEPS: Readonly<Record<string, { readonly from: readonly Status[]; readonly to: Status }>> = {
  ApprovalRequested: { from: ['declined', 'void'], to: 'pending' },
  ApprovalGranted: { from: ['pending'], to: 'granted' },
  ApprovalDeclined: { from: ['pending'], to: 'declined' },
  ApprovalVoided: { from: ['pending', 'granted'], to: 'void' },
  ApprovalUsed: { from: ['granted'], to: 'used' },
};

/** Maker-checker: another person, of exactly this payload, in time, for one act. And the acts that need one have one. */
export class Approvals {
  readonly verdict = new Verdict(
    'approvals',
    'maker and checker are two persons; one payload, one use, in time',
  );
  readonly acts = new Verdict(
    'approvals',
    'write-offs and limits of wallets take effect under a used approval',
  );
  readonly #approvals = new Map<string, FoldedApproval>();
  readonly #bySubject = new Map<string, FoldedApproval>();

  observe(event: ExportedEvent): void {
    const id = idIn('approval', event.stream);
    const name = nameOf(event.type);
    if (id === undefined) {
      // Both name the approval by the id of what was asked for.
      if (name === 'BillWrittenOff') this.#act(event, textOf(event.data['approvalId']));
      if (name === 'TierLimitsSet') this.#act(event, textOf(event.data['proposalId']));
      return;
    }
    const known = this.#approvals.get(id);
    const step = STEPS[name];
    const allowed = known ? (step?.from.includes(known.status) ?? false) : name === 'ApprovalRequested';
    this.verdict.expect(allowed, () => `${at(event)}: of a request that is ${known?.status ?? 'not known'}`);
    if (!allowed || !step) return;
    if (name === 'ApprovalRequested') this.#requested(id, event);
    else if (known) {
      this.#moved(known, name, event);
      known.status = step.to;
    }
  }

  usedFor(subject: string): { readonly checkerPerson: string } | undefined {
    const approval = this.#bySubject.get(subject);
    return approval?.status === 'used' ? approval : undefined;
  }

  #act(event: ExportedEvent, approvalId: string): void {
    const status = this.#approvals.get(approvalId)?.status ?? 'not known';
    this.acts.expect(status === 'used', () => `${at(event)}: approval ${approvalId} is ${status}`);
  }

  #requested(id: string, event: ExportedEvent): void {
    const { data } = event;
    const maker = isRecord(data['maker']) ? data['maker'] : {};
    const payloadHash = textOf(data['payloadHash']);
    this.verdict.expect(
      isRecord(data['payload']) && payloadHash === hashOf(data['payload']),
      () => `${at(event)}: the hash is not the payload's`,
    );
    const approval: FoldedApproval = {
      subject: textOf(data['subject']),
      status: 'pending',
      payloadHash,
      makerPerson: textOf(maker['personId']),
      makerAccount: textOf(maker['accountId']),
      expiresAt: textOf(data['expiresAt']),
      checkerPerson: '',
    };
    this.#approvals.set(id, approval);
    this.#bySubject.set(approval.subject, approval);
  }

  #moved(approval: FoldedApproval, name: string, event: ExportedEvent): void {
    const { data } = event;
    this.verdict.expect(
      data['payloadHash'] === approval.payloadHash,
      () => `${at(event)}: of another payload than was asked for`,
    );
    if (name === 'ApprovalGranted' || name === 'ApprovalDeclined') {
      const checker = isRecord(data['checker']) ? data['checker'] : {};
      approval.checkerPerson = textOf(checker['personId']);
      const other =
        approval.checkerPerson !== '' &&
        approval.checkerPerson !== approval.makerPerson &&
        checker['accountId'] !== approval.makerAccount;
      this.verdict.expect(other, () => `${at(event)}: decided by who asked for it`);
      this.verdict.expect(
        textOf(data['decidedAt']) < approval.expiresAt,
        () => `${at(event)}: decided after it had expired`,
      );
    }
    if (name === 'ApprovalUsed') {
      this.verdict.expect(
        textOf(data['usedAt']) < approval.expiresAt,
        () => `${at(event)}: used after it had expired`,
      );
    }
  }
}

/** SHA-256 over RFC 8785, which for a flat object of strings is its entries in the order of their names' UTF-16 units. */
export function hashOf(payload: JsonRecord): string {
  const entries = Object.keys(payload)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${JSON.stringify(payload[name])}`);
  return createHash('sha256')
    .update(`{${entries.join(',')}}`, 'utf8')
    .digest('hex');
}
