import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  RELEASE_CONTRACTS,
  type ContractSummary,
  type ReleaseContracts,
} from '#libs/contracts/contract/release-contracts.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { RUNTIME } from '#libs/runtime/port/tokens.js';
import { hasRole, type Caller } from '#libs/security/port/index.js';
import { FundContract } from '../../contract/funding.js';
import type { FundContractRejectionCode, PaymentMethod, PaymentView } from '../../contract/index.js';
import { PaymentDesk } from '../pay-bills/payment-desk.js';
import { readFunding, refused } from './read-funding.js';

type FundOutcome = Outcome<PaymentView, Rejection<FundContractRejectionCode>>;

/** Pays into a contract: a party with its own money, a clerk of the contract's organisation with cash. */
@CommandHandler(FundContract)
export class FundContractHandler implements ICommandHandler<FundContract> {
  constructor(
    @Inject(PaymentDesk) private readonly desk: PaymentDesk,
    @Inject(RELEASE_CONTRACTS) private readonly contracts: Pick<ReleaseContracts, 'find'>,
    @Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'clock'>,
  ) {}

  async execute({ context, input }: FundContract): Promise<FundOutcome> {
    const { caller } = context;
    if (!mayPay(caller, input.method)) return refused('FORBIDDEN', 'The caller may not pay like this.');
    const read = readFunding(caller, input, this.runtime.clock.now());
    if (!read.accepted) return read;
    const contract = await this.contracts.find(caller.tenant, input.contractId);
    // Not yours looks exactly like not found.
    if (!contract || !isOwn(caller, input.method, contract)) {
      return refused('CONTRACT_NOT_FOUND', 'There is no such contract.', ['input', 'contractId']);
    }
    const paid = await this.desk.begin(context, read.value);
    if (paid.accepted) return paid;
    const { code, ...why } = paid.rejection;
    // The desk answers with the codes of the steps that were taken, and these were a contract's.
    return { accepted: false, rejection: { ...why, code: code as string as FundContractRejectionCode } };
  }
}

/** People pay with their own money; an institution that is a party pays by its bursar, through its bank. */
function mayPay(caller: Caller, { channel }: PaymentMethod): boolean {
  switch (channel) {
    case 'wallet':
      return hasRole(caller, ['payer']);
    case 'transfer':
    case 'operator':
      return hasRole(caller, ['payer', 'bursar']);
    case 'cash':
    case 'cheque':
    case 'pos':
      return hasRole(caller, ['clerk']);
  }
}

function isOwn(caller: Caller, { channel }: PaymentMethod, contract: ContractSummary): boolean {
  if (channel === 'cash') {
    return caller.organisation === undefined || caller.organisation === contract.organisationId;
  }
  return contract.parties.some(({ kind, partyId }) =>
    kind === 'account'
      ? partyId === caller.accountId
      : partyId === caller.organisation && hasRole(caller, ['bursar']),
  );
}
