import {
  AdjustBill,
  BillPriceOn,
  BillingTermsOf,
  type BillView,
  type LateFeeRule,
  type PaymentPolicy,
  SetBillingTerms,
  WriteOffBill,
  type WriteOffRequestView,
} from '#libs/billing/contract/index.js';
import {
  type MoneyInput,
  type Resolvers,
  globalId,
  localId,
  readMoney,
  resultOf,
} from '#libs/graphql/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import type { GatewayContext } from '../context.js';
import type { Commands, Queries } from '../own-writes.js';

type Input<Content> = { readonly input: Content };

interface TermsInput {
  readonly partialAllowed: boolean;
  readonly minimumPartial: MoneyInput;
  readonly advanceAllowed: boolean;
  readonly expiresAfterDays?: number | null;
  readonly lateFee?: {
    readonly rate: string;
    readonly graceDays: number;
    readonly flat?: MoneyInput | null;
    readonly minimum?: MoneyInput | null;
    readonly maximum?: MoneyInput | null;
    readonly order: keyof typeof ORDERS;
  } | null;
  readonly rebate?: { readonly share: string; readonly untilDaysBeforeDue: number } | null;
}

interface SetTerms {
  readonly idempotencyKey: string;
  readonly organisationId?: string | null;
  readonly effectiveFrom: LocalDate;
  readonly terms: TermsInput;
}

interface Adjustment {
  readonly idempotencyKey: string;
  readonly billId: string;
  readonly note: keyof typeof NOTES;
  readonly amount: MoneyInput;
  readonly feeItemId?: string | null;
  readonly reason: string;
}

interface WriteOff {
  readonly idempotencyKey: string;
  readonly billId: string;
  readonly reason: string;
}

const ORDERS = { LATE_FEE_FIRST: 'lateFeeFirst', PRINCIPAL_FIRST: 'principalFirst' } as const;
const ORDER_NAMES = { lateFeeFirst: 'LATE_FEE_FIRST', principalFirst: 'PRINCIPAL_FIRST' } as const;
const NOTES = { CREDIT: 'credit', DEBIT: 'debit' } as const;

/** What bills ask for: terms, price on a day, notes and write-off. */
export function billingTermsResolvers(commands: Commands, queries: Queries): Resolvers {
  return {
    Query: {
      billingTerms: (
        _source: unknown,
        args: { readonly organisationId?: string | null },
        context: GatewayContext,
      ) => queries.execute(new BillingTermsOf(context.request, context.organisation(args.organisationId))),
    },
    Mutation: termsMutations(commands),
    Bill: { due: priceField(queries, 'due'), lateFee: priceField(queries, 'lateFee') },
    BillingTerms: { advanceAllowed: (source: PaymentPolicy) => source.advanceAllowed ?? false },
    LateFeeRule: { order: (source: LateFeeRule) => ORDER_NAMES[source.order] },
    WriteOffRequest: { approvalId: (source: WriteOffRequestView) => globalId('Approval', source.approvalId) },
  };
}

function priceField(queries: Queries, figure: 'due' | 'lateFee') {
  return async (
    source: BillView,
    { asOf }: { readonly asOf?: LocalDate | null },
    context: GatewayContext,
  ): Promise<Money | undefined> => {
    const price = await queries.execute(new BillPriceOn(context.request, source.id, asOf ?? undefined));
    return price?.[figure];
  };
}

function termsMutations(commands: Commands): Resolvers[string] {
  return {
    setBillingTerms: async (_source: unknown, { input }: Input<SetTerms>, context: GatewayContext) => {
      const organisationId = context.organisation(input.organisationId);
      const { idempotencyKey, effectiveFrom } = input;
      const terms = readTerms(input.terms);
      const asked = { idempotencyKey, organisationId, effectiveFrom, terms };
      return resultOf(await commands.execute(new SetBillingTerms(context.request, asked)));
    },
    adjustBill: async (_source: unknown, { input }: Input<Adjustment>, context: GatewayContext) => {
      const { idempotencyKey, note, reason, feeItemId } = input;
      const asked = {
        idempotencyKey,
        billId: localId<'bill'>('Bill', input.billId, ['input', 'billId']),
        note: NOTES[note],
        amount: readMoney(input.amount, ['input', 'amount']),
        ...(feeItemId ? { feeItemId: localId<'feeItem'>('FeeItem', feeItemId, ['input', 'feeItemId']) } : {}),
        reason,
      };
      return resultOf(await commands.execute(new AdjustBill(context.request, asked)));
    },
    writeOffBill: async (_source: unknown, { input }: Input<WriteOff>, context: GatewayContext) => {
      const { idempotencyKey, reason } = input;
      const billId = localId<'bill'>('Bill', input.billId, ['input', 'billId']);
      const asked = { idempotencyKey, billId, reason };
      return resultOf(await commands.execute(new WriteOffBill(context.request, asked)));
    },
  };
}

function readTerms(terms: TermsInput): PaymentPolicy {
  const { partialAllowed, advanceAllowed, expiresAfterDays, lateFee, rebate } = terms;
  const amount = (input: MoneyInput, field: string) => readMoney(input, ['input', 'terms', field]);
  return {
    partialAllowed,
    minimumPartial: amount(terms.minimumPartial, 'minimumPartial'),
    ...(advanceAllowed ? { advanceAllowed } : {}),
    ...(typeof expiresAfterDays === 'number' ? { expiresAfterDays } : {}),
    ...(lateFee ? { lateFee: readLateFee(lateFee) } : {}),
    ...(rebate ? { rebate: { share: rebate.share, untilDaysBeforeDue: rebate.untilDaysBeforeDue } } : {}),
  };
}

function readLateFee(rule: NonNullable<TermsInput['lateFee']>): LateFeeRule {
  const { rate, graceDays, flat, minimum, maximum, order } = rule;
  const amount = (input: MoneyInput, field: string) => readMoney(input, ['input', 'terms', 'lateFee', field]);
  return {
    rate,
    graceDays,
    ...(flat ? { flat: amount(flat, 'flat') } : {}),
    ...(minimum ? { minimum: amount(minimum, 'minimum') } : {}),
    ...(maximum ? { maximum: amount(maximum, 'maximum') } : {}),
    order: ORDERS[order],
  };
}
