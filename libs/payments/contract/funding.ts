/** Paying into the custody of a release contract. */
import { Command } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { ContractId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { FundContractRejectionCode, PaymentMethod, PaymentView } from './payments.js';

export interface FundContractInput {
  readonly idempotencyKey: string;
  readonly contractId: ContractId;
  /** Within what the contract still takes: `ContractSummary.fundable`. */
  readonly amount: Money;
  /** Wallet, operator or transfer by a payer, cash by a clerk; the other methods are refused with `CHANNEL_NOT_ALLOWED`. */
  readonly method: PaymentMethod;
}

/**
 * Pays into one contract, by the very steps of `PayBills`: initiate → reserve on the contract → take the money → capture into
 * `clearing:funding` → deposit into its custody → receipt of the contract's organisation. Open to the parties of the contract
 * with their own money and to clerks of its organisation; to everybody else there is no such contract. The same key with the
 * same input answers the same outcome. The money comes back through the contract only.
 */
export class FundContract extends Command<Outcome<PaymentView, Rejection<FundContractRejectionCode>>> {
  constructor(
    readonly context: RequestContext,
    readonly input: FundContractInput,
  ) {
    super();
  }
}
