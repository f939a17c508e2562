import { billIdFor, feeItemIdFor } from '#libs/billing/contract/index.js';
import { assertNever, type Outcome } from '#libs/kernel/errors/index.js';
import type { BillId, WalletId } from '#libs/kernel/ids/index.js';
import { CNY, type Money, money } from '#libs/kernel/money/index.js';
import {
  OpenWallet,
  PayBills,
  type PaymentMethod,
  type PaymentView,
  TopUpWallet,
} from '#libs/payments/contract/index.js';
import { DEMO_USERS } from '#libs/security/adapters/demo/demo-directory.js';
import type { Caller } from '#libs/security/port/index.js';
import { clerkOf, contextOf, payerOf } from './demo-callers.js';
import type { PlannedPayment } from './demo-plan.js';
import { inParallel } from './in-parallel.js';
import { accepted, type SeedTarget } from './seed-target.js';

/** Commands under way at once: enough to share a group commit. */
const WIDTH = 32;
/** Of one payment: so often may a seed be cut short in the middle of it. */
const MOST_ATTEMPTS = 5;
/** What a top-up brings at most; the wallets' own limit is not below. */
const TOP_UP_FEN = 500_000n;
/** The demo payers can pay whatever a visitor tries: 20,000 yuan. */
const DEMO_PAYER_FEN = 2_000_000n;

/** Wallets by account. */
export type Purses = ReadonlyMap<string, WalletId>;

/**
 * Opens a wallet for everybody who will pay by one, with enough money in it.
 * @param besides what demo payers need for other things than bills, fen by their names
 */
export async function fillWallets(
  target: SeedTarget,
  payments: readonly PlannedPayment[],
  besides: Readonly<Record<string, bigint>>,
): Promise<Purses> {
  const needs = new Map<string, { readonly caller: Caller; fen: bigint }>();
  for (const user of DEMO_USERS.filter(({ roles }) => roles.includes('payer'))) {
    needs.set(user.accountId, { caller: user, fen: DEMO_PAYER_FEN + (besides[user.username] ?? 0n) });
  }
  for (const payment of payments.filter(({ method }) => method === 'wallet')) {
    const caller = payerOf(payment.school.organisation, payment.student);
    const need = needs.get(caller.accountId) ?? { caller, fen: 0n };
    need.fen += totalOf(payment);
    needs.set(caller.accountId, need);
  }
  const purses = new Map<string, WalletId>();
  await inParallel([...needs.values()], WIDTH, async ({ caller, fen }) => {
    purses.set(caller.accountId, await fillWallet(target, caller, fen));
  });
  return purses;
}

async function fillWallet(target: SeedTarget, caller: Caller, fen: bigint): Promise<WalletId> {
  const context = contextOf(caller);
  const opening = { idempotencyKey: 'demo-wallet', label: 'main' };
  const { id } = accepted(
    await target.execute(new OpenWallet(context, opening)),
    `wallet of ${caller.accountId}`,
  );
  let part = 0;
  for (let missing = fen; missing > 0n; missing -= TOP_UP_FEN) {
    part += 1;
    const amount = money(CNY, missing < TOP_UP_FEN ? missing : TOP_UP_FEN);
    const input = { idempotencyKey: `demo-top-up-${part}`, walletId: id, amount };
    accepted(await target.execute(new TopUpWallet(context, input)), `top up of ${caller.accountId}`);
  }
  return id;
}

export async function payAll(
  target: SeedTarget,
  payments: readonly PlannedPayment[],
  purses: Purses,
): Promise<void> {
  await inParallel(payments, WIDTH, async (payment) => void (await pay(target, payment, purses)));
}

/** Again for the same payment: the same answer, and nothing happens. */
export async function pay(target: SeedTarget, payment: PlannedPayment, purses: Purses): Promise<PaymentView> {
  const { school, student, method, key } = payment;
  const { organisation } = school;
  const caller = method === 'cash' ? clerkOf(organisation) : payerOf(organisation, student);
  const input = {
    bills: billsAsked(payment),
    expectedTotal: money(CNY, totalOf(payment)),
    method: methodOf(payment, caller, purses),
  };
  return notInterrupted(`demo-pay-${key}`, (idempotencyKey) =>
    target.execute(new PayBills(contextOf(caller), { idempotencyKey, ...input })),
  );
}

/**
 * A payment that ended with the process that made it, before any money moved, is made anew by the seed that goes on.
 * @throws SeedRefused
 */
export async function notInterrupted(
  key: string,
  ask: (idempotencyKey: string) => Promise<Outcome<PaymentView>>,
): Promise<PaymentView> {
  for (let attempt = 1; attempt < MOST_ATTEMPTS; attempt += 1) {
    const outcome = await ask(attempt === 1 ? key : `${key}-${attempt}`);
    if (outcome.accepted || outcome.rejection.code !== 'PAYMENT_INTERRUPTED') return accepted(outcome, key);
  }
  return accepted(await ask(`${key}-${MOST_ATTEMPTS}`), key);
}

/** The bills, in the order of the plan. */
export function billsAsked({
  school: { organisation },
  student,
  bills,
}: PlannedPayment): readonly { readonly billId: BillId; readonly amount: Money }[] {
  return bills.map(({ feeItem, academicYear, term, fen }) => {
    const feeItemId = feeItemIdFor(organisation.id, feeItem);
    const payerNumber = student.studentNo;
    const bill = { organisationId: organisation.id, academicYear, term, payerNumber, feeItemId };
    return { billId: billIdFor(bill), amount: money(CNY, fen) };
  });
}

function methodOf(payment: PlannedPayment, caller: Caller, purses: Purses): PaymentMethod {
  switch (payment.method) {
    case 'wallet':
      return fromWallet(purses, caller);
    case 'cash':
      return inNotes(totalOf(payment));
    case 'operator':
      return { channel: 'operator', payerToken: `demo-account-${payment.student.studentNo}` };
    default:
      return assertNever(payment.method, 'method');
  }
}

/** @throws Error for somebody without a wallet */
export function fromWallet(
  purses: Purses,
  { accountId }: Caller,
): Extract<PaymentMethod, { readonly channel: 'wallet' }> {
  const walletId = purses.get(accountId);
  if (!walletId) throw new Error(`${accountId} has no wallet.`);
  return { channel: 'wallet', walletId };
}

/** Cash comes in notes of a hundred yuan. */
function inNotes(totalFen: bigint): PaymentMethod {
  const note = 10_000n;
  return { channel: 'cash', tendered: money(CNY, ((totalFen + note - 1n) / note) * note) };
}

function totalOf({ bills }: PlannedPayment): bigint {
  return bills.reduce((sum, { fen }) => sum + fen, 0n);
}
