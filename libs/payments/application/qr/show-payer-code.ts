import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { isUuid } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { DECIDER_STORE } from '#libs/runtime/port/tokens.js';
import { walletAggregate } from '../../codec/index.js';
import { ShowPayerCode, type PayerCodeView } from '../../contract/index.js';
import { PayerCodes } from './payer-codes.js';

type ShowRejection = Rejection<'FORBIDDEN' | 'WALLET_NOT_FOUND' | 'INVALID_AMOUNT'>;

/**
 * Fen. Whoever shows a code agrees to be charged without being asked again: ¥1,000 where the payer says nothing else, never more
 * than ¥5,000. The steps are those of the central bank's rules on payments by bar code (银发〔2017〕296号, risk levels C and B).
 */
const USUAL_FEN = 100_000n;
const LARGEST_FEN = 500_000n;

@CommandHandler(ShowPayerCode)
export class ShowPayerCodeHandler implements ICommandHandler<ShowPayerCode> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(PayerCodes) private readonly codes: PayerCodes,
  ) {}

  async execute({ context, input }: ShowPayerCode): Promise<Outcome<PayerCodeView, ShowRejection>> {
    const { tenant, accountId, roles } = context.caller;
    if (!roles.includes('payer')) {
      return refused({ code: 'FORBIDDEN', message: 'Only a payer shows a code.' });
    }
    const { walletId, subWalletId = null, limit = money(CNY, USUAL_FEN) } = input;
    if (limit.asset !== CNY || limit.amount <= 0n || limit.amount > LARGEST_FEN) {
      const path = ['input', 'limit'];
      return refused({ code: 'INVALID_AMOUNT', message: 'No code is shown for this limit.', path });
    }
    if (!isUuid(walletId)) return notFound();
    const { state: wallet } = await this.store.load(walletAggregate, walletId);
    if (wallet.status === 'absent' || wallet.tenant !== tenant || wallet.owner !== accountId) {
      return notFound();
    }
    return { accepted: true, value: await this.codes.show(context, { walletId, subWalletId, limit }) };
  }
}

function notFound() {
  return refused({
    code: 'WALLET_NOT_FOUND',
    message: 'There is no such wallet.',
    path: ['input', 'walletId'],
  });
}

function refused(rejection: ShowRejection) {
  return { accepted: false, rejection } as const;
}
