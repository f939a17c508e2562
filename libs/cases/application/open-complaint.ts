import { Inject } from '@nestjs/common';
import { CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import { BillsToPay } from '#libs/billing/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import type { Consumers } from '#libs/event-log/consumers/types.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { asId, assertIdempotencyKey, type OrganisationId } from '#libs/kernel/ids/index.js';
import { PaymentById, PaymentsForBill } from '#libs/payments/contract/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { CONSUMERS, DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { caseAggregate } from '../codec/index.js';
import { OpenComplaint, type CaseView, type ComplaintAbout } from '../contract/index.js';
import { assertText, FORBIDDEN } from './case-acts.js';
import { caseViewOf } from './case-view.js';

type Refusal = Rejection<'FORBIDDEN' | 'PAYMENT_NOT_FOUND' | 'BILL_NOT_FOUND' | 'IDEMPOTENCY_CONFLICT'>;

interface About {
  readonly subject: string;
  /** Absent when several organisations are concerned: then the tenant's staff look at it. */
  readonly organisationId?: OrganisationId;
}

/** Views that lag for longer are read as they are. */
const LONGEST_WAIT_MS = 1_000;

/** A payer complains about a payment or a bill of theirs. */
@CommandHandler(OpenComplaint)
export class OpenComplaintHandler implements ICommandHandler<OpenComplaint> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(CONSUMERS) private readonly consumers: Pick<Consumers, 'caughtUp'>,
    private readonly queries: QueryBus,
  ) {}

  async execute({ context, input }: OpenComplaint): Promise<Outcome<CaseView, Refusal>> {
    const { tenant, accountId, roles } = context.caller;
    if (!roles.includes('payer')) return FORBIDDEN;
    const { idempotencyKey, about, text } = input;
    assertIdempotencyKey(idempotencyKey);
    assertText(text);
    const found = await this.#found(asPayer(context), about);
    if (!found) return 'paymentId' in about ? PAYMENT_NOT_FOUND : BILL_NOT_FOUND;
    const { subject, organisationId } = found;
    const scope = ['complaint', tenant, accountId, idempotencyKey] as const;
    const caseId = asId<'case'>(deriveUuid(UUID_NAMESPACES.entity, ...scope));
    const at = this.runtime.clock.now();
    const commandId = deriveUuid(UUID_NAMESPACES.command, caseId, 'open', subject, text);
    const { organisation: _own, ...command } = commandContext(context, commandId, at);
    const result = await this.store.run(
      caseAggregate,
      caseId,
      {
        command: 'open',
        caseId,
        kind: 'complaint',
        tenant,
        ...(organisationId !== undefined && { organisationId }),
        subject,
        facts: {},
        complainant: asId<'subject'>(accountId),
        text,
        openedAt: at,
      },
      organisationId === undefined ? command : { ...command, organisation: organisationId },
    );
    if (!result.accepted) return CONFLICT;
    if (result.state.status === 'absent') throw new Error(`Case ${caseId} is not in the log.`);
    return { accepted: true, value: caseViewOf(result.state, at) };
  }

  /** What was just paid may not be in the views yet: then they are given a moment. */
  async #found(context: RequestContext, about: ComplaintAbout): Promise<About | undefined> {
    const found = await this.#ask(context, about);
    if (found) return found;
    const waited = new AbortController();
    const patience = this.runtime.timers.sleep(LONGEST_WAIT_MS, waited.signal);
    const views = this.consumers.caughtUp();
    await Promise.race([patience, views]).catch(() => undefined);
    waited.abort();
    await patience.catch(() => undefined);
    return this.#ask(context, about);
  }

  async #ask(context: RequestContext, about: ComplaintAbout): Promise<About | undefined> {
    if ('paymentId' in about) {
      const payment = await this.queries.execute(new PaymentById(context, about.paymentId));
      return payment && { subject: `payment-${payment.id}`, ...onlyOne(payment.bills) };
    }
    const { billId, organisationId, payerNumber, payerName } = about;
    const subject = `bill-${billId}`;
    const payments = await this.queries.execute(new PaymentsForBill(context, billId));
    const paid = payments.flatMap(({ bills }) => bills).find((bill) => bill.billId === billId);
    if (paid) return { subject, organisationId: paid.organisationId };
    if (organisationId === undefined || payerNumber === undefined || payerName === undefined)
      return undefined;
    const known = new BillsToPay(context, { organisationId, payerNumber, payerName });
    const bills = await this.queries.execute(known);
    return bills.some(({ id }) => id === billId) ? { subject, organisationId } : undefined;
  }
}

/** With what a payer may see and nothing that another role of theirs would show beside it. */
function asPayer({ caller, correlationId }: RequestContext): RequestContext {
  const { organisation: _staff, ...person } = caller;
  return { caller: { ...person, roles: ['payer'] }, correlationId };
}

function onlyOne(
  bills: readonly { readonly organisationId: OrganisationId }[],
): Pick<About, 'organisationId'> {
  const first = bills[0]?.organisationId;
  const isOnly = first !== undefined && bills.every(({ organisationId }) => organisationId === first);
  return isOnly ? { organisationId: first } : {};
}

const PAYMENT_NOT_FOUND = {
  accepted: false,
  rejection: { code: 'PAYMENT_NOT_FOUND', message: 'There is no such payment.' },
} as const;

const BILL_NOT_FOUND = {
  accepted: false,
  rejection: { code: 'BILL_NOT_FOUND', message: 'There is no such bill.' },
} as const;

const CONFLICT = {
  accepted: false,
  rejection: { code: 'IDEMPOTENCY_CONFLICT', message: 'The key was used with another input.' },
} as const;
