/** Contracts that people draft, sign and fund: everything of contracts, and the institutions that are parties. */
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ContractSummary, Template } from '#libs/contracts/contract/release-contracts.js';
import type { GivenParameter } from '#libs/contracts/contract/given-parameter.js';
import { DraftContract, type DraftParty, SignContract } from '#libs/contracts/contract/requests.js';
import { PublishTemplate, TemplateVersion, type TemplateView } from '#libs/contracts/contract/templates.js';
import { asId } from '#libs/kernel/ids/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import { onboardingApplication } from '#libs/onboarding/application/index.js';
import { onboardingEventSets } from '#libs/onboarding/codec/index.js';
import { RegisterOrganisation } from '#libs/onboarding/contract/index.js';
import { onboardingProjections, onboardingQueries } from '#libs/onboarding/read-model/index.js';
import { WalletPrecheck, type WalletPrecheckView } from '#libs/payments/contract/index.js';
import { sha256Hex } from '#libs/signatures/canonical/index.js';
import { callerOf, OTHER_SCHOOL, requestOf, SCHOOL } from './callers.js';
import { type ContractsWorld, contractsWorld } from './contracts-views-world.js';
import { DAY_MS, fund, PAYER, TERMINAL, yuan } from './contracts-world.js';
import { accepted } from './payment-fixture.js';

export const bursar = requestOf(callerOf('bursar', 'bursar-1', SCHOOL));
export const payer = requestOf(callerOf('payer', PAYER));
/** Of the other organisation, which watches over contracts here. */
export const officer = requestOf(callerOf('taxofficer', 'officer-1', OTHER_SCHOOL));

/** The payer's only wallet. */
export const PAYERS_WALLET = asId<'wallet'>('3b2c4d5e-6f7a-8b8c-9d9e-1f2a3b4c5d6e');

/** Payments as far as they are asked whose a wallet is. */
@QueryHandler(WalletPrecheck)
class PayersWallet implements IQueryHandler<WalletPrecheck> {
  execute({ context: { caller }, input }: WalletPrecheck): Promise<WalletPrecheckView | undefined> {
    const own = caller.accountId === PAYER && input.walletId === PAYERS_WALLET;
    return Promise.resolve(own ? { allowed: true } : undefined);
  }
}

const bd = requestOf(callerOf('bd', 'bd-1'));

/** With both organisations registered. */
export async function agreementWorld(): Promise<ContractsWorld> {
  const world = await contractsWorld({
    events: onboardingEventSets,
    projections: onboardingProjections,
    providers: [PayersWallet, ...onboardingApplication, ...onboardingQueries],
  });
  const names = { nameZh: '示范学校', nameEn: 'Demo school', kind: 'school' } as const;
  for (const organisationId of [SCHOOL, OTHER_SCHOOL]) {
    accepted(await world.execute(new RegisterOrganisation(bd, { organisationId, ...names })));
  }
  await world.consumers.caughtUp();
  return world;
}

type World = Pick<ContractsWorld, 'now'>;

const inDays = ({ now }: World, days: number): string => addMs(now(), days * DAY_MS);

export interface Terms {
  readonly templateId: string;
  readonly parameters: readonly GivenParameter[];
  readonly parties: readonly DraftParty[];
}

export const tuition = (world: World): Terms => ({
  templateId: 'tuition-per-lesson',
  parameters: [
    { name: 'total', amount: yuan(1_200) },
    { name: 'lessons', text: '12' },
    { name: 'fundBy', text: inDays(world, 7) },
    { name: 'endsAt', text: inDays(world, 60) },
    { name: 'attKeys', keys: [TERMINAL.key] },
  ],
  parties: [
    { role: 'payer', account: PAYER },
    { role: 'school', organisationId: SCHOOL },
    { role: 'bureau', organisationId: OTHER_SCHOOL },
  ],
});

export const escrow = (world: World): Terms => ({
  templateId: 'escrow-k-of-n',
  parameters: [
    { name: 'price', amount: yuan(100) },
    { name: 'secretHash', text: sha256Hex('open sesame') },
    { name: 'fundBy', text: inDays(world, 7) },
    { name: 'endsAt', text: inDays(world, 60) },
  ],
  parties: [
    { role: 'buyer', account: PAYER },
    { role: 'seller', organisationId: SCHOOL },
    { role: 'arbiter', organisationId: OTHER_SCHOOL },
  ],
});

export const stream = (world: World): Terms => ({
  templateId: 'subsidy-stream',
  parameters: [
    { name: 'total', amount: yuan(100) },
    { name: 'start', text: inDays(world, 1) },
    { name: 'cliff', text: inDays(world, 1) },
    { name: 'stop', text: inDays(world, 11) },
    { name: 'every', text: 'P1D' },
    { name: 'fundBy', text: inDays(world, 1) },
    { name: 'endsAt', text: inDays(world, 60) },
  ],
  parties: [
    { role: 'sponsor', organisationId: SCHOOL },
    { role: 'beneficiary', account: PAYER, payTo: { walletId: PAYERS_WALLET } },
    { role: 'arbiter', organisationId: OTHER_SCHOOL },
  ],
});

export const voucher = (world: World): Terms => ({
  templateId: 'red-packet',
  parameters: [
    { name: 'amount', amount: yuan(50) },
    { name: 'fundBy', text: inDays(world, 7) },
    { name: 'expires', text: inDays(world, 60) },
  ],
  parties: [
    { role: 'sponsor', organisationId: SCHOOL },
    { role: 'holder', account: PAYER },
  ],
});

/** The shipped stream, paid when asked for and not by the clock. */
export async function publishWithoutSteps(world: ContractsWorld): Promise<void> {
  const { template } = (await world.query(new TemplateVersion(bd, 'subsidy-stream')))!;
  const shipped = JSON.parse(template.document) as Template;
  const { every: _, ...params } = shipped.params;
  const rules = shipped.rules.map((rule) => {
    if (!('linear' in rule.amount)) return rule;
    const { step: _step, ...linear } = rule.amount.linear;
    return { ...rule, amount: { linear } };
  });
  const document = JSON.stringify({ ...shipped, id: 'subsidy-on-call', params, rules });
  accepted<TemplateView>(await world.execute(new PublishTemplate(bd, { document })));
}

let keys = 0;
export const nextKey = (): string => `key-${(keys += 1)}`;

export function draft(
  world: ContractsWorld,
  terms: Terms,
  change: Partial<DraftContract['input']> = {},
  by = bursar,
) {
  const input = { idempotencyKey: nextKey(), region: 'CN', ...terms, ...change };
  return world.execute(new DraftContract(by, input));
}

/** Signed by every role that signs, and paid for. */
export async function inForce(world: ContractsWorld, terms: Terms): Promise<ContractSummary> {
  let contract = accepted<ContractSummary>(await draft(world, terms));
  const { contractId, docHash: documentHash } = contract;
  for (const role of contract.unsigned) {
    const { kind } = contract.parties.find((party) => party.role === role)!;
    const input = { idempotencyKey: `sign ${contractId}`, contractId, documentHash };
    contract = accepted(await world.execute(new SignContract(kind === 'account' ? payer : bursar, input)));
  }
  return fund(world, contractId);
}
