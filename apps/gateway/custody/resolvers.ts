import type { Commands, Queries } from '../own-writes.js';
import { type Resolvers, globalId, localId, readMoney, resultOf } from '#libs/graphql/index.js';
import { CustodyCheck, type CustodyBreachView } from '#libs/ledger/contract/index.js';
import {
  FundContract,
  RetryPayout,
  type DeliveredPayout,
  type PaymentView,
  type ReceiptLine,
} from '#libs/payments/contract/index.js';
import type { GatewayContext } from '../context.js';
import { type MethodInput, readMethod } from '../payments/read-input.js';

interface FundInput {
  readonly idempotencyKey: string;
  readonly contractId: string;
  readonly amount: Parameters<typeof readMoney>[0];
  readonly method: MethodInput;
}

interface RetryInput {
  readonly idempotencyKey: string;
  readonly caseId: string;
}

/** Paying into contracts, what they could not pay out, and the check of what lies in their custody. */
export function custodyResolvers(commands: Commands, queries: Queries): Resolvers {
  return {
    Query: {
      custodyCheck: (_source: unknown, _args: unknown, { request }: GatewayContext) =>
        queries.execute(new CustodyCheck(request)),
    },
    Mutation: {
      fundContract: async (
        _source: unknown,
        { input }: { readonly input: FundInput },
        { request }: GatewayContext,
      ) => {
        const { idempotencyKey, contractId, amount, method } = input;
        const command = new FundContract(request, {
          idempotencyKey,
          contractId: localId<'contract'>('Contract', contractId, ['input', 'contractId']),
          amount: readMoney(amount, ['input', 'amount']),
          method: readMethod(method),
        });
        return resultOf(await commands.execute(command));
      },
      retryPayout: async (
        _source: unknown,
        { input }: { readonly input: RetryInput },
        { request }: GatewayContext,
      ) => {
        const caseId = localId<'case'>('Case', input.caseId, ['input', 'caseId']);
        const { idempotencyKey } = input;
        return resultOf(await commands.execute(new RetryPayout(request, { idempotencyKey, caseId })));
      },
    },
    Payment: {
      fundedContractId: ({ funding }: PaymentView) => funding && globalId('Contract', funding.contractId),
    },
    ReceiptLine: {
      contractId: ({ contractId }: ReceiptLine) => contractId && globalId('Contract', contractId),
    },
    DeliveredPayout: {
      caseId: ({ caseId }: DeliveredPayout) => globalId('Case', caseId),
      contractId: ({ contractId }: DeliveredPayout) => globalId('Contract', contractId),
    },
    CustodyBreach: {
      contractId: ({ contractId }: CustodyBreachView) => globalId('Contract', contractId),
    },
  };
}
