import { hash } from 'node:crypto';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { BILL_PAYMENT_STEPS, type BillPaymentSteps } from '#libs/billing/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { InvalidInputError, type Outcome } from '#libs/kernel/errors/index.js';
import { asId, assertIdempotencyKey, type PaymentLinkId } from '#libs/kernel/ids/index.js';
import { addMs, localDateOf, type Instant } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, MESSAGE_SEALS, RUNTIME } from '#libs/runtime/port/tokens.js';
import { actsFor, type MessageSeals } from '#libs/security/port/index.js';
import { paymentLinkAggregate } from '../../codec/qr-aggregates.js';
import {
  CreatePaymentLink,
  type CreatePaymentLinkRejection,
  type PaymentLinkView,
} from '../../contract/index.js';
import { linkCodeOf, type KnownPaymentLink } from '../../domain/payment-link/index.js';
import { payableBills } from './payable-bills.js';
import { linkAsOfNow } from './payment-link-view.js';

type CreateOutcome = Outcome<PaymentLinkView, CreatePaymentLinkRejection>;

const LONGEST_LIFE_MS = 366 * 86_400_000;

/** The stream of a link is named by its code alone, so that whoever has the code, and nobody else, finds it. */
export function linkIdOf(code: string): PaymentLinkId {
  return asId<'paymentLink'>(deriveUuid(UUID_NAMESPACES.entity, 'paymentLink', code));
}

/** A bursar makes a link to some of the organisation's bills; its code derives from tenant, account, key and the tenant's secret. */
@CommandHandler(CreatePaymentLink)
export class CreatePaymentLinkHandler implements ICommandHandler<CreatePaymentLink> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(BILL_PAYMENT_STEPS) private readonly bills: BillPaymentSteps,
    @Inject(MESSAGE_SEALS) private readonly seals: MessageSeals,
  ) {}

  async execute({ context, input }: CreatePaymentLink): Promise<CreateOutcome> {
    const { caller } = context;
    const { organisationId, idempotencyKey } = input;
    if (!actsFor(caller, organisationId, 'bursar')) {
      return refused({ code: 'FORBIDDEN', message: 'Only a bursar makes a payment link.' });
    }
    assertIdempotencyKey(idempotencyKey);
    const { tenant, accountId } = caller;
    const seed = deriveUuid(UUID_NAMESPACES.entity, 'linkSeed', tenant, accountId, idempotencyKey);
    const code = linkCodeOf(this.seals.seal(tenant, 'paymentLink', seed));
    const linkId = linkIdOf(code);
    const inputHash = inputHashOf(input);
    const known = (await this.store.load(paymentLinkAggregate, linkId)).state;
    const at = this.runtime.clock.now();
    if (known.status !== 'absent') {
      return known.inputHash === inputHash ? this.#answer(known, code, at) : conflict();
    }
    assertExpiry(input.expiresAt, at);
    const of = { tenant, organisationId, today: localDateOf(at) };
    const payable = await payableBills(this.bills, of, input.bills);
    if (!payable.accepted) return payable;
    const { bills, expiresAt } = input;
    const issued = await this.store.run(
      paymentLinkAggregate,
      linkId,
      { kind: 'issue', linkId, tenant, organisationId, bills, seed, inputHash, issuedAt: at, expiresAt },
      commandContext(context, deriveUuid(UUID_NAMESPACES.command, linkId, 'issue', inputHash), at),
    );
    if (!issued.accepted) return conflict();
    if (issued.state.status === 'absent') throw new Error('An issued link is not in the log.');
    return this.#answer(issued.state, code, at);
  }

  async #answer(link: KnownPaymentLink, code: string, at: Instant): Promise<CreateOutcome> {
    return { accepted: true, value: await linkViewOf(link, code, { steps: this.bills, at }) };
  }
}

export async function linkViewOf(
  link: KnownPaymentLink,
  code: string,
  now: { readonly steps: Pick<BillPaymentSteps, 'price'>; readonly at: Instant },
): Promise<PaymentLinkView> {
  const { linkId, organisationId, bills, issuedAt, expiresAt } = link;
  const { status } = await linkAsOfNow(link, now.steps, now.at);
  return { id: linkId, organisationId, status, code, bills, issuedAt, expiresAt };
}

/** @throws InvalidInputError `INVALID_EXPIRY` */
function assertExpiry(expiresAt: Instant, at: Instant): void {
  if (expiresAt > at && expiresAt <= addMs(at, LONGEST_LIFE_MS)) return;
  throw new InvalidInputError('INVALID_EXPIRY', 'A link ends within 366 days.', ['input', 'expiresAt']);
}

/** Hex of SHA-256 over a text that leaves nothing open. */
function inputHashOf({ organisationId, bills, expiresAt }: CreatePaymentLink['input']): string {
  return hash('sha256', [organisationId, expiresAt, ...[...bills].sort()].join('\n'), 'hex');
}

function conflict(): CreateOutcome {
  return refused({
    code: 'IDEMPOTENCY_CONFLICT',
    message: 'The key was used with another input.',
    path: ['input', 'idempotencyKey'],
  });
}

function refused(rejection: CreatePaymentLinkRejection) {
  return { accepted: false, rejection } as const;
}
