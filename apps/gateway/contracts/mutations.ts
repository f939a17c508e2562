import {
  ApproveUnit,
  AttestContract,
  ClaimFromContract,
  ConfirmUnit,
  DraftContract,
  DrawFromContract,
  ObjectToUnit,
  OpenDispute,
  ProposeAmendment,
  RevealSecret,
  SignAmendment,
  SignContract,
  VoteOnDispute,
  WithdrawAmendment,
  WithdrawContract,
} from '#libs/contracts/contract/requests.js';
import type { DisputeOutcome } from '#libs/contracts/contract/release-contracts.js';
import { type MoneyInput, type Resolvers, localId, readMoney, resultOf } from '#libs/graphql/index.js';
import type { GatewayContext } from '../context.js';
import type { Commands } from '../own-writes.js';
import {
  type Algorithm,
  type DraftInput,
  type KeyInput,
  type OnContractInput,
  type ParameterInput,
  profileOf,
  readAct,
  readDraft,
  readKey,
  readParameter,
} from './read-input.js';

type Input<Content> = { readonly input: Content };
type Unit = { readonly ruleId: string; readonly dedupeKey: string };

interface AttestInput {
  readonly contractId: string;
  readonly statement: string;
  readonly signatures: readonly {
    readonly keyId: string;
    readonly algorithm: Algorithm;
    readonly signature: string;
  }[];
}

type ClaimInput = OnContractInput & {
  readonly ruleId: string;
  readonly organisationId: string;
  readonly amount: MoneyInput;
  readonly spend?: MoneyInput | null;
};

type ProposeInput = OnContractInput & {
  readonly templateVersion?: string | null;
  readonly parameters: readonly ParameterInput[];
  readonly reason: string;
};

type SignInput = OnContractInput & { readonly documentHash: string; readonly key?: KeyInput | null };

export function contractMutations(commands: Commands): Resolvers[string] {
  return {
    ...agreementMutations(commands),
    ...evidenceMutations(commands),
    confirmUnit: async (_: unknown, { input }: Input<OnContractInput & Unit>, { request }: GatewayContext) =>
      resultOf(await commands.execute(new ConfirmUnit(request, readAct(input)))),
    approveUnit: async (
      _: unknown,
      { input }: Input<OnContractInput & Unit & { readonly decision: 'APPROVE' | 'REJECT' }>,
      { request }: GatewayContext,
    ) => {
      const decision = input.decision === 'APPROVE' ? 'approve' : 'reject';
      return resultOf(await commands.execute(new ApproveUnit(request, { ...readAct(input), decision })));
    },
    objectToUnit: async (
      _: unknown,
      { input }: Input<OnContractInput & Unit & { readonly reasonCode: string }>,
      { request }: GatewayContext,
    ) => resultOf(await commands.execute(new ObjectToUnit(request, readAct(input)))),
    openDispute: async (
      _: unknown,
      { input }: Input<OnContractInput & { readonly reasonCode: string }>,
      { request }: GatewayContext,
    ) => resultOf(await commands.execute(new OpenDispute(request, readAct(input)))),
    voteOnDispute: async (
      _: unknown,
      { input }: Input<OnContractInput & { readonly disputeId: string; readonly outcome: string }>,
      { request }: GatewayContext,
    ) => {
      const outcome = input.outcome.toLowerCase() as DisputeOutcome;
      return resultOf(await commands.execute(new VoteOnDispute(request, { ...readAct(input), outcome })));
    },
  };
}

/** What the parties agree on: drafts, signatures, amendments. */
function agreementMutations(commands: Commands): Resolvers[string] {
  return {
    draftContract: async (_: unknown, { input }: Input<DraftInput>, { request }: GatewayContext) =>
      resultOf(await commands.execute(new DraftContract(request, readDraft(input)))),
    withdrawContract: async (
      _: unknown,
      { input }: Input<OnContractInput & { readonly reason: string }>,
      { request }: GatewayContext,
    ) => resultOf(await commands.execute(new WithdrawContract(request, readAct(input)))),
    signContract: async (_: unknown, { input }: Input<SignInput>, { request }: GatewayContext) => {
      const { key, ...rest } = readAct(input);
      return resultOf(await commands.execute(new SignContract(request, { ...rest, ...readKey(key) })));
    },
    proposeAmendment: async (_: unknown, { input }: Input<ProposeInput>, { request }: GatewayContext) => {
      const parameters = input.parameters.map((parameter) => readParameter(parameter));
      const asked = { ...readAct(input), parameters };
      return resultOf(await commands.execute(new ProposeAmendment(request, asked)));
    },
    signAmendment: async (
      _: unknown,
      { input }: Input<SignInput & { readonly amendmentId: string }>,
      { request }: GatewayContext,
    ) => {
      const { key, ...rest } = readAct(input);
      return resultOf(await commands.execute(new SignAmendment(request, { ...rest, ...readKey(key) })));
    },
    withdrawAmendment: async (
      _: unknown,
      { input }: Input<OnContractInput & { readonly amendmentId: string }>,
      { request }: GatewayContext,
    ) => resultOf(await commands.execute(new WithdrawAmendment(request, readAct(input)))),
  };
}

/** What makes rules come true: evidence, claims, secrets, time. */
function evidenceMutations(commands: Commands): Resolvers[string] {
  return {
    attestContract: async (_: unknown, { input }: Input<AttestInput>, { request }: GatewayContext) => {
      const contractId = localId<'contract'>('Contract', input.contractId, ['input', 'contractId']);
      const signatures = input.signatures.map(({ keyId, algorithm, signature }) => ({
        keyId,
        alg: profileOf(algorithm),
        sig: signature,
      }));
      const evidence = { contractId, statement: input.statement, signatures };
      return resultOf(await commands.execute(new AttestContract(request, evidence)));
    },
    claimFromContract: async (_: unknown, { input }: Input<ClaimInput>, { request }: GatewayContext) => {
      const { spend, ...rest } = readAct(input);
      const claim = {
        ...rest,
        organisationId: localId<'organisation'>('Organisation', input.organisationId, [
          'input',
          'organisationId',
        ]),
        amount: readMoney(input.amount, ['input', 'amount']),
        ...(spend && { spend: readMoney(spend, ['input', 'spend']) }),
      };
      return resultOf(await commands.execute(new ClaimFromContract(request, claim)));
    },
    revealSecret: async (
      _: unknown,
      { input }: Input<OnContractInput & { readonly ruleId: string; readonly secret: string }>,
      { request }: GatewayContext,
    ) => resultOf(await commands.execute(new RevealSecret(request, readAct(input)))),
    drawFromContract: async (
      _: unknown,
      { input }: Input<OnContractInput & { readonly ruleId: string }>,
      { request }: GatewayContext,
    ) => resultOf(await commands.execute(new DrawFromContract(request, readAct(input)))),
  };
}
