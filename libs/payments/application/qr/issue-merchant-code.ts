import { hash } from 'node:crypto';
import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { BILL_PAYMENT_STEPS, type BillPaymentSteps } from '#libs/billing/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { asId, assertIdempotencyKey, type QrCodeId } from '#libs/kernel/ids/index.js';
import { CNY, type Money } from '#libs/kernel/money/index.js';
import { addMs, epochMsOf, instantFromEpochMs, localDateOf, type Instant } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { actsFor, type Caller, type RequestContext } from '#libs/security/port/index.js';
import { qrCodeAggregate } from '../../codec/qr-aggregates.js';
import {
  IssueMerchantCode,
  type IssueMerchantCodeInput,
  type IssueMerchantCodeRejection,
  type MerchantCodeView,
} from '../../contract/index.js';
import type { IssuedQrCode } from '../../domain/qr-code/index.js';
import { merchantCodeViewOf } from './merchant-code-view.js';
import { MerchantCodes } from './merchant-codes.js';
import { payableBills } from './payable-bills.js';

type IssueOutcome = Outcome<MerchantCodeView, IssueMerchantCodeRejection>;
type Asked = Pick<IssuedQrCode, 'bills' | 'amount'>;

const DEFAULT_LIFE_MS = 15 * 60_000;
const LONGEST_LIFE_MS = 24 * 3_600_000;
/** EMVCo gives an amount 13 characters: 9999999999.99. */
const LARGEST_FEN = 999_999_999_999n;

/** An organisation issues a code that payers scan; its id derives from tenant, account and key. */
@CommandHandler(IssueMerchantCode)
export class IssueMerchantCodeHandler implements ICommandHandler<IssueMerchantCode> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(BILL_PAYMENT_STEPS) private readonly bills: BillPaymentSteps,
    @Inject(MerchantCodes) private readonly codes: MerchantCodes,
  ) {}

  async execute({ context, input }: IssueMerchantCode): Promise<IssueOutcome> {
    const { caller } = context;
    if (!mayIssue(caller, input))
      return refused({ code: 'FORBIDDEN', message: 'Not a code for you to issue.' });
    assertIdempotencyKey(input.idempotencyKey);
    const { tenant, accountId } = caller;
    const codeId = asId<'qrCode'>(
      deriveUuid(UUID_NAMESPACES.entity, 'qrCode', tenant, accountId, input.idempotencyKey),
    );
    const inputHash = inputHashOf(input);
    const known = (await this.store.load(qrCodeAggregate, codeId)).state;
    // Asked again, a code is what it was, whatever has become of its bills since.
    if (known.status !== 'absent') {
      if (known.inputHash !== inputHash) return conflict();
      return { accepted: true, value: merchantCodeViewOf(known, this.runtime.clock.now()) };
    }
    const asked = await this.#asked(caller, input);
    if (!asked.accepted) return asked;
    return this.#issue(context, input, { codeId, inputHash, ...asked.value });
  }

  async #issue(
    context: RequestContext,
    input: IssueMerchantCodeInput,
    { codeId, inputHash, bills, amount }: Asked & { readonly codeId: QrCodeId; readonly inputHash: string },
  ): Promise<IssueOutcome> {
    const { tenant } = context.caller;
    const { organisationId } = input;
    const at = this.runtime.clock.now();
    const kind = amount === null ? 'static' : 'dynamic';
    const expiresAt = expiryOf(input, at);
    const content = await this.codes.contentOf(
      { tenant, organisationId },
      { codeId, kind, amount, expiresAt },
      context.correlationId,
    );
    if (content === undefined)
      return refused({ code: 'FORBIDDEN', message: 'There is no such organisation.' });
    const { state, accepted } = await this.store.run(
      qrCodeAggregate,
      codeId,
      {
        kind: 'issue',
        codeKind: kind,
        codeId,
        tenant,
        organisationId,
        bills,
        amount,
        expiresAt,
        content,
        inputHash,
        issuedAt: at,
      },
      commandContext(context, deriveUuid(UUID_NAMESPACES.command, codeId, 'issue', inputHash), at),
    );
    if (!accepted) return conflict();
    if (state.status === 'absent') throw new Error('An issued code is not in the log.');
    return { accepted: true, value: merchantCodeViewOf(state, at) };
  }

  async #asked(
    { tenant }: Caller,
    { asks, organisationId }: IssueMerchantCodeInput,
  ): Promise<Outcome<Asked, IssueMerchantCodeRejection>> {
    if (!asks) return { accepted: true, value: { bills: [], amount: null } };
    if ('amount' in asks) return withinLimits({ bills: [], amount: asks.amount });
    const today = localDateOf(this.runtime.clock.now());
    const payable = await payableBills(this.bills, { tenant, organisationId, today }, asks.bills);
    if (!payable.accepted) return payable;
    return withinLimits({ bills: asks.bills, amount: payable.value.total });
  }
}

/** What hangs on a wall for years is the bursar's; what a till shows for minutes also the clerk's. */
function mayIssue(caller: Caller, { organisationId, asks }: IssueMerchantCodeInput): boolean {
  return (
    actsFor(caller, organisationId, 'bursar') ||
    (asks !== undefined && actsFor(caller, organisationId, 'clerk'))
  );
}

function withinLimits(asked: {
  readonly bills: Asked['bills'];
  readonly amount: Money;
}): Outcome<Asked, IssueMerchantCodeRejection> {
  const { asset, amount } = asked.amount;
  if (asset === CNY && amount > 0n && amount <= LARGEST_FEN) return { accepted: true, value: asked };
  return refused({ code: 'INVALID_AMOUNT', message: 'No code can ask for this.', path: ['input', 'asks'] });
}

/** To the second, as the code shows it. @throws InvalidInputError `INVALID_EXPIRY` */
function expiryOf({ asks, expiresAt }: IssueMerchantCodeInput, at: Instant): Instant | null {
  if (!asks && expiresAt === undefined) return null;
  const wanted = expiresAt ?? addMs(at, DEFAULT_LIFE_MS);
  if (asks && wanted > at && wanted <= addMs(at, LONGEST_LIFE_MS)) {
    return instantFromEpochMs(Math.ceil(epochMsOf(wanted) / 1_000) * 1_000);
  }
  throw new InvalidInputError(
    'INVALID_EXPIRY',
    'A dynamic code ends within 24 hours; a static one does not end.',
    ['input', 'expiresAt'],
  );
}

/** Hex of SHA-256 over a text that leaves nothing open. */
function inputHashOf({ organisationId, asks, expiresAt }: IssueMerchantCodeInput): string {
  const what = !asks
    ? 'static'
    : 'amount' in asks
      ? `${asks.amount.asset} ${asks.amount.amount}`
      : [...asks.bills].sort().join(' ');
  return hash('sha256', [organisationId, what, expiresAt ?? ''].join('\n'), 'hex');
}

function conflict(): IssueOutcome {
  return refused({
    code: 'IDEMPOTENCY_CONFLICT',
    message: 'The key was used with another input.',
    path: ['input', 'idempotencyKey'],
  });
}

function refused<Code extends IssueMerchantCodeRejection['code']>(rejection: Rejection<Code>) {
  return { accepted: false, rejection } as const;
}
