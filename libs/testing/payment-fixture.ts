/** One payer with a wallet and one bill of ¥140.95; for the specs of payBills. */
import { asId, type BillId, type WalletId } from '#libs/kernel/ids/index.js';
import type { PayBillsInput, PaymentView } from '#libs/payments/contract/index.js';
import {
  callerOf,
  fen,
  OTHER_SCHOOL,
  paymentNode,
  paymentWorld,
  recordedEvents,
  type PaymentNode,
  type PaymentWorld,
} from './payment-world.js';

export const payer = callerOf('payer', 'payer-1');

export function byWallet(
  walletId: string,
  bills: readonly BillId[],
  total: number,
  key = 'key-1',
): PayBillsInput {
  return {
    idempotencyKey: key,
    bills: bills.map((billId) => ({ billId })),
    expectedTotal: fen(total),
    method: { channel: 'wallet', walletId: asId(walletId) },
  };
}

export async function ready(balance = 100_000) {
  const world = paymentWorld();
  const node = paymentNode(world);
  const billId = await node.issueBill('0001', 14_095);
  const walletId = await node.openWallet('payer-1', balance);
  return { world, node, billId, walletId };
}

export function accepted<Value = PaymentView>(
  outcome:
    | { readonly accepted: true; readonly value: Value }
    | { readonly accepted: false; readonly rejection: { readonly code: string } },
): Value {
  if (!outcome.accepted) throw new Error(outcome.rejection.code);
  return outcome.value;
}

/** Two bills of two schools, ¥10 and ¥20, and a wallet. */
export interface Scenario {
  readonly world: PaymentWorld;
  readonly bills: readonly BillId[];
  readonly walletId: WalletId;
}

export async function scenario(balance: number): Promise<Scenario> {
  const world = paymentWorld();
  const node = paymentNode(world);
  const bills = [await node.issueBill('0001', 1_000), await node.issueBill('0002', 2_000, OTHER_SCHOOL)];
  return { world, bills, walletId: await node.openWallet('payer-1', balance) };
}

export function payBoth({ bills, walletId }: Scenario): PayBillsInput {
  return {
    idempotencyKey: 'key-1',
    bills: bills.map((billId) => ({ billId })),
    expectedTotal: fen(3_000),
    method: { channel: 'wallet', walletId },
  };
}

const FINISHER = { actor: 'system:payment-finisher', correlationId: 'finisher' };

/** What the finisher does after a restart, here from the log itself. */
export async function finishAll(world: PaymentWorld, node: PaymentNode): Promise<void> {
  const events = await recordedEvents(world.log);
  const initiated = events.filter(({ type }) => type.startsWith('PaymentInitiated.'));
  for (const { data } of initiated) {
    await node.process.finishLeftBehind(asId<'payment'>(data['paymentId'] as string), FINISHER);
  }
}
