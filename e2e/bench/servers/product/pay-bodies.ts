import { globalId } from '#libs/graphql/index.js';
import type { BillId, WalletId } from '#libs/kernel/ids/index.js';
import { CNY, formatDecimal, money } from '#libs/kernel/money/index.js';
import { PAY_DOCUMENT } from '../document.js';

/** As `PaymentMethodInput` of the public schema has it. */
export type MethodAsked =
  | { readonly wallet: { readonly walletId: string; readonly subWalletId?: string } }
  | { readonly operator: { readonly payerToken: string } };

export interface PaymentAsked {
  readonly key: string;
  /** `fen`: of this payment, where it is not all that is due. */
  readonly bills: readonly { readonly billId: BillId; readonly fen?: bigint }[];
  readonly totalFen: bigint;
  readonly method: MethodAsked;
}

/** The request as it goes over HTTP. */
export function payBody({ key, bills, totalFen, method }: PaymentAsked): string {
  const input = {
    idempotencyKey: `bench-pay-${key}`,
    bills: bills.map(({ billId, fen }) => ({
      billId: globalId('Bill', billId),
      ...(fen !== undefined && { amount: yuan(fen) }),
    })),
    expectedTotal: yuan(totalFen),
    method,
  };
  return JSON.stringify({ query: PAY_DOCUMENT, operationName: 'Pay', variables: { input } });
}

export function byWallet(walletId: WalletId, subWalletId?: string): MethodAsked {
  return {
    wallet: {
      walletId: globalId('Wallet', walletId),
      ...(subWalletId && { subWalletId: globalId('SubWallet', subWalletId) }),
    },
  };
}

function yuan(fen: bigint): { readonly amount: string; readonly currency: string } {
  return { amount: formatDecimal(money(CNY, fen)), currency: 'CNY' };
}
