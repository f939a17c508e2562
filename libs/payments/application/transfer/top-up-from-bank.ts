import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { TopUpFromBank, type TransferRejectionCode, type TransferView } from '../../contract/index.js';
import { moveMoney } from './move-money.js';
import { TransferProcess } from './transfer-process.js';

type Refusal = Rejection<Exclude<TransferRejectionCode, 'WALLET_FROZEN' | 'INSUFFICIENT_FUNDS'>>;

/** The owner tops up by bank: collect → credit. */
@CommandHandler(TopUpFromBank)
export class TopUpFromBankHandler implements ICommandHandler<TopUpFromBank> {
  constructor(@Inject(TransferProcess) private readonly process: TransferProcess) {}

  async execute({ context, input }: TopUpFromBank): Promise<Outcome<TransferView, Refusal>> {
    const outcome = await moveMoney(this.process, context, 'topUp', input);
    if (outcome.accepted) return outcome;
    const { code, ...rejection } = outcome.rejection;
    if (code === 'WALLET_FROZEN' || code === 'INSUFFICIENT_FUNDS')
      throw new Error(`A top-up was refused with ${code}.`);
    return { accepted: false, rejection: { ...rejection, code } };
  }
}
