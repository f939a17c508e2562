import type { AdvanceId, OrganisationId, PaymentId, WalletId } from '#libs/kernel/ids/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';

/** What the money came by; the same names everywhere, in events, receipts, views and account paths. */
export type Channel = Tender['channel'];

export type Tender =
  | {
      readonly channel: 'wallet';
      readonly walletId: WalletId;
      /** A sub-wallet pushed to the organisation. */
      readonly subWalletId?: string;
      /** The wallet's owner where it is not the account that asked: a terminal that scanned a code, a mandate. */
      readonly owner?: string;
      /** The payer's one-time code that a terminal scanned. */
      readonly codeId?: string;
    }
  | { readonly channel: 'cash'; readonly tendered: Money }
  | {
      readonly channel: 'cheque';
      readonly chequeNumber: string;
      readonly bank: string;
      readonly chequeDate: LocalDate;
    }
  /** Taken at a card terminal that is not ours; never a card number. */
  | { readonly channel: 'pos'; readonly terminalId: string; readonly approvalCode: string }
  /** The payer transfers by bank and names a remittance code. */
  | { readonly channel: 'transfer' }
  /** An operating institution pulls the money; the token is the institution's name for the payer's account. */
  | { readonly channel: 'operator'; readonly payerToken: string }
  | { readonly channel: 'advance'; readonly advanceId: AdvanceId }
  | { readonly channel: 'offline'; readonly hardWalletId: string; readonly counter: number }
  /** Money that came in late for a payment that had failed; it lies in the organisation's suspense account. */
  | {
      readonly channel: 'suspense';
      readonly ofPayment: PaymentId;
      readonly organisationId: OrganisationId;
    };

/** Channels whose answer comes from outside, late or never. */
export type OutsideChannel = 'operator' | 'transfer';

/**
 * Whether a contract may be funded by it: money in custody must not be taken back by a bank, nor belong to other debts. Suspense
 * is late money of a funding payment, used for the same contract by another payment.
 */
export function fundsContracts({ channel }: Pick<Tender, 'channel'>): boolean {
  switch (channel) {
    case 'wallet':
    case 'cash':
    case 'transfer':
    case 'operator':
    case 'suspense':
      return true;
    case 'cheque':
    case 'pos':
    case 'advance':
    case 'offline':
      return false;
    default:
      return assertNever(channel, 'channel');
  }
}

export function isOutside(tender: Tender): tender is Extract<Tender, { channel: OutsideChannel }> {
  switch (tender.channel) {
    case 'operator':
    case 'transfer':
      return true;
    case 'wallet':
    case 'cash':
    case 'cheque':
    case 'pos':
    case 'advance':
    case 'offline':
    case 'suspense':
      return false;
    default:
      return assertNever(tender, 'tender');
  }
}
