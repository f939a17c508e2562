import { Inject, Injectable } from '@nestjs/common';
import type {
  ContractAct,
  ContractMover,
  ContractSummary,
  DraftInput,
} from '#libs/contracts/contract/release-contracts.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { OrganisationId } from '#libs/kernel/ids/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import { ATTESTOR_KEYRING } from '#libs/runtime/port/tokens.js';
import type { AttestorKeyring } from '#libs/security/port/index.js';
import { canonicalJson } from '#libs/signatures/canonical/index.js';
import type { KnownOrder, LessonKey } from '../../domain/course-order/index.js';
import { CoursePorts, orderCommandId } from './course-ports.js';

export const TEMPLATE = 'tuition-per-lesson';
/** The terms that the school's offer and the payer's order agree to; whoever publishes another version changes no course. */
const TEMPLATE_VERSION = '1.0.0';
const LESSON_RULE = 'lesson';
const LESSON_EVIDENCE = 'lesson.v1';

type Step = Outcome<ContractSummary, Rejection>;

/** What an order makes its contract do. Each step carries an id of order and step, so that it is taken once however often it is sent. */
@Injectable()
export class ContractSteps {
  constructor(
    private readonly ports: CoursePorts,
    @Inject(ATTESTOR_KEYRING) private readonly keyring: AttestorKeyring,
  ) {}

  /** The keys of the school's lesson terminal, kept by the platform. */
  lessonKeys(order: Pick<KnownOrder, 'tenant' | 'organisationId'>): Promise<readonly LessonKey[]> {
    return this.keyring.publicKeys(order.tenant, holderOf(order.organisationId));
  }

  /** Drafted, signed by the school, whose word the offer is, and by the payer, who named the price. An order without contract ends. */
  async draft(order: KnownOrder): Promise<Step> {
    const { contracts } = this.ports;
    const drafted = await contracts.draft(mover(order, 'draft', order.account), 'payer', draftOf(order));
    if (!drafted.accepted) {
      const { code } = drafted.rejection;
      await this.#decide(order, 'refused', { kind: 'close', reason: 'refused', code, at: this.ports.now() });
      return drafted;
    }
    let contract = drafted.value;
    for (const [role, account] of [
      ['school', order.offeredBy],
      ['payer', order.account],
    ] as const) {
      if (!contract.unsigned.includes(role)) continue;
      const signature = { keyId: account, alg: 'account' as const, docHash: contract.docHash, sig: '' };
      const signed = await this.act(order, role, {
        step: `sign ${role}`,
        actor: account,
        act: { kind: 'sign', role, signature },
      });
      if (!signed.accepted) return signed;
      contract = signed.value;
    }
    return { accepted: true, value: contract };
  }

  /** Signs that a lesson was given and hands it to the contract; what the contract does not take is taken back. */
  async handOver(order: KnownOrder, lessonNo: number): Promise<Step> {
    const lesson = order.times.get(lessonNo);
    if (!lesson?.deliveredAt || lesson.deliveredBy === null) throw new Error('The lesson was not given.');
    const dedupeKey = String(lessonNo);
    const { contractId, tenant, organisationId } = order;
    const statement = {
      contractId,
      rule: LESSON_RULE,
      schema: LESSON_EVIDENCE,
      dedupeKey,
      payload: {
        lessonNo: dedupeKey,
        deliveredOn: localDateOf(lesson.startsAt),
        minutes: String(lesson.minutes),
      },
      observedAt: lesson.deliveredAt,
    };
    const message = new TextEncoder().encode(canonicalJson(statement));
    const signature = await this.keyring.sign(tenant, holderOf(organisationId), message);
    const step = `attest ${dedupeKey} ${lesson.attempts}`;
    const attested = await this.ports.contracts.attest(mover(order, step, lesson.deliveredBy), contractId, {
      statement,
      signatures: [signature],
    });
    if (attested.accepted) return attested;
    // The very same statement is in the log already: a step of before whose answer was lost.
    if (attested.rejection.code === 'DUPLICATE') return this.#found(order);
    const command = { kind: 'refuseDelivery', lessonNo, code: attested.rejection.code } as const;
    await this.#decide(order, `refused ${step}`, { ...command, at: this.ports.now() });
    return attested;
  }

  /** Before the money is there the contract is off; afterwards the payer takes the rest back by its own rule. */
  async passWithdrawal(order: KnownOrder, reason: string): Promise<Step> {
    const contract = await this.ports.contracts.find(order.tenant, order.contractId);
    const isUnfunded = contract?.status === 'drafted' || contract?.status === 'awaitingFunding';
    const act: ContractAct = isUnfunded
      ? { kind: 'withdrawDraft', reason }
      : { kind: 'approve', ruleId: 'withdraw', dedupeKey: '', decision: 'approve' };
    const step = `${isUnfunded ? 'call off' : 'withdraw'} ${order.withdrawals}`;
    const passed = await this.act(order, 'payer', { step, actor: order.account, act });
    if (passed.accepted) return passed;
    const { code } = passed.rejection;
    // Over already: the end is recorded by who follows the contract.
    if (code === 'CONTRACT_CLOSING' || code === 'CONTRACT_CLOSED') return passed;
    await this.#decide(order, `refused ${step}`, { kind: 'refuseWithdrawal', code, at: this.ports.now() });
    return passed;
  }

  /** Proposes the amendment and signs it for the school; a proposal that the contract does not take is dropped. */
  async passPrice(order: KnownOrder): Promise<Step> {
    const { proposal, contractId } = order;
    if (!proposal) return this.#found(order);
    const { amendmentId, total, reason, proposedBy } = proposal;
    const step = `price ${amendmentId}`;
    const proposed = await this.ports.contracts.proposeAmendment(
      mover(order, step, proposedBy),
      'school',
      contractId,
      { amendmentId, params: { total: total.toString() }, reason },
    );
    const result = proposed.accepted ? await this.signPrice(order, proposed.value, 'school') : proposed;
    if (!result.accepted) {
      const { code } = result.rejection;
      const command = { kind: 'dropPrice', amendmentId, code, at: this.ports.now() } as const;
      await this.#decide(order, `dropped ${step}`, command);
    }
    return result;
  }

  /** One party's signature over the amendment that is open; nothing where the party has signed. */
  async signPrice(order: KnownOrder, contract: ContractSummary, role: 'school' | 'payer'): Promise<Step> {
    const { openAmendment } = contract;
    const { proposal } = order;
    const isOpen = proposal && openAmendment?.amendmentId === proposal.amendmentId;
    if (!isOpen || !openAmendment.unsigned.includes(role)) return { accepted: true, value: contract };
    const { amendmentId, docHash } = openAmendment;
    const account = role === 'school' ? proposal.proposedBy : order.account;
    const signature = { keyId: account, alg: 'account' as const, docHash, sig: '' };
    return this.act(order, role, {
      step: `sign ${role} ${amendmentId}`,
      actor: account,
      act: { kind: 'signAmendment', amendmentId, role, signature },
    });
  }

  act(
    order: KnownOrder,
    role: string,
    { step, actor, act }: { readonly step: string; readonly actor: string; readonly act: ContractAct },
  ): Promise<Step> {
    return this.ports.contracts.act(mover(order, step, actor), role, order.contractId, act);
  }

  async #found(order: KnownOrder): Promise<Step> {
    const contract = await this.ports.contracts.find(order.tenant, order.contractId);
    if (!contract) throw new Error(`The contract of course order ${order.orderId} is missing.`);
    return { accepted: true, value: contract };
  }

  async #decide(
    order: KnownOrder,
    name: string,
    command: Parameters<CoursePorts['decide']>[2],
  ): Promise<void> {
    const step = { name, actor: ACTOR, correlationId: order.orderId };
    await this.ports.decide(order, step, command);
  }
}

export const ACTOR = 'system:course-orders';

function mover({ orderId, tenant }: KnownOrder, step: string, actor: string): ContractMover {
  return { tenant, actor, correlationId: orderId, commandId: orderCommandId(orderId, `contract ${step}`) };
}

function holderOf(organisationId: OrganisationId): string {
  return `organisation:${organisationId}`;
}

function draftOf(order: KnownOrder): DraftInput {
  const { account, organisationId, authorityId } = order;
  return {
    contractId: order.contractId,
    organisationId,
    subject: `courseOrder-${order.orderId}`,
    templateId: TEMPLATE,
    templateVersion: TEMPLATE_VERSION,
    region: order.region,
    params: {
      total: order.total.toString(),
      lessons: String(order.lessons),
      fundBy: order.fundBy,
      endsAt: order.endsAt,
      attKeys: order.lessonKeys,
    },
    parties: [
      { role: 'payer', partyId: account, kind: 'account', payTo: null },
      organisationParty('school', organisationId),
      organisationParty('bureau', authorityId),
    ],
  };
}

function organisationParty(role: string, organisationId: OrganisationId): DraftInput['parties'][number] {
  return { role, partyId: organisationId, kind: 'organisation', payTo: `org:${organisationId}:payable` };
}
