import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { WithdrawFromWallet, type TransferRejectionCode, type TransferView } from '../../contract/index.js';
import { moveMoney } from './move-money.js';
import { TransferProcess } from './transfer-process.js';

type Refusal = Rejection<Exclude<TransferRejectionCode, 'LIMIT_EXCEEDED'>>;

/** The owner draws money to their bank account: hold → payout → spend; what the bank sends back is credited again. */
@CommandHandler(WithdrawFromWallet)
export class WithdrawFromWalletHandler implements ICommandHandler<WithdrawFromWallet> {
  constructor(@Inject(TransferProcess) private readonly process: TransferProcess) {}

  async execute({ context, input }: WithdrawFromWallet): Promise<Outcome<TransferView, Refusal>> {
    const outcome = await moveMoney(this.process, context, 'withdrawal', input);
    if (outcome.accepted) return outcome;
    const { code, ...rejection } = outcome.rejection;
    if (code === 'LIMIT_EXCEEDED') throw new Error('A withdrawal was refused with LIMIT_EXCEEDED.');
    return { accepted: false, rejection: { ...rejection, code } };
  }
}
