/** Campaigns over real release contracts around one log, without views: for specs that crash, race and abuse the write side. */
import { CampaignContracts } from '#libs/campaigns/application/campaign-contracts.js';
import { CampaignProcess } from '#libs/campaigns/application/campaign-process.js';
import { CreateCampaignHandler } from '#libs/campaigns/application/create-campaign.js';
import type { CampaignParts } from '#libs/campaigns/application/parts.js';
import { SignUpHandler } from '#libs/campaigns/application/sign-up.js';
import { SpendVoucherHandler } from '#libs/campaigns/application/spend-voucher.js';
import { SponsorCampaignHandler } from '#libs/campaigns/application/sponsor-campaign.js';
import { campaignAggregate, campaignsEventSets } from '#libs/campaigns/codec/index.js';
import {
  CreateCampaign,
  SignUpForCampaign,
  SpendVoucher,
  SponsorCampaign,
  type CampaignId,
  type CreateCampaignInput,
} from '#libs/campaigns/contract/index.js';
import type { CampaignState, KnownCampaign } from '#libs/campaigns/domain/campaign/index.js';
import { contractsEventSets, releaseContractEvents } from '#libs/contracts/codec/index.js';
import type { ContractEvent } from '#libs/contracts/domain/release-contract/messages.js';
import { buildCatalogue } from '#libs/event-log/codec/index.js';
import type { EventLog } from '#libs/event-log/port/index.js';
import { asId, type ContractId, type OrganisationId } from '#libs/kernel/ids/index.js';
import { CNY, money, type Money } from '#libs/kernel/money/index.js';
import { addMs, localDateOf } from '#libs/kernel/time/index.js';
import { MerchantRegister } from '#libs/onboarding/application/merchant-register.js';
import { organisationAggregate, onboardingEventSets } from '#libs/onboarding/codec/index.js';
import { sealsOf } from '#libs/security/adapters/secrets/tenant-seals.js';
import type { Caller, Employment } from '#libs/security/port/index.js';
import { callerOf, OTHER_SCHOOL, recordedEvents, requestOf, SCHOOL, TENANT } from './callers.js';
import {
  contractEventsIn,
  contractNode,
  contractPlatform,
  contractSchemas,
  DAY_MS,
  fund,
  HOUR_MS,
  moverFor,
  type ContractNode,
  type ContractPlatform,
} from './contracts-world.js';
import { accepted } from './payment-fixture.js';

export const SHOP = asId<'organisation'>('shop-1');
export const SPONSOR = callerOf('payer', 'sponsor-1');
export const BURSAR = callerOf('bursar', 'bursar-1', SCHOOL);
const WALLET = asId<'wallet'>('3b2c4d5e-6f7a-8b8c-9d9e-1f2a3b4c5d6e');
const MOVER = { actor: 'system:campaigns', correlationId: 'clock' };

export const fen = (amount: number): Money => money(CNY, BigInt(amount));
export const payer = (name: string): Caller => callerOf('payer', name);

export interface CampaignPlatform extends ContractPlatform {
  /** By person. */
  readonly employers: Map<string, readonly OrganisationId[]>;
  readonly seals: CampaignParts['seals'];
}

/** The school that organises, a shop of category 5411, and a school without a category. */
export async function campaignPlatform(): Promise<CampaignPlatform> {
  const base = contractPlatform();
  const { runtime, verifier } = base;
  const sets = [...contractsEventSets, ...campaignsEventSets, ...onboardingEventSets];
  const catalogue = buildCatalogue(sets, {
    schemas: contractSchemas().events,
    rng: runtime.rng,
    checks: true,
  });
  const platform = {
    ...base,
    catalogue,
    employers: new Map<string, readonly OrganisationId[]>(),
    seals: sealsOf(runtime.rng.bytes(32)),
    [Symbol.asyncDispose]: () => verifier.close(),
  };
  const { store } = contractNode(platform);
  const at = runtime.clock.now();
  for (const organisationId of [SCHOOL, OTHER_SCHOOL, SHOP]) {
    const organisation = {
      organisationId,
      tenant: TENANT,
      nameZh: '示范',
      nameEn: 'Demo',
      kind: 'school',
    } as const;
    const context = { ...moverFor(`register ${organisationId}`), at };
    await store.run(organisationAggregate, organisationId, { kind: 'register', organisation, at }, context);
  }
  const category = { kind: 'setCategory', tenant: TENANT, mcc: '5411', from: localDateOf(at), at } as const;
  await store.run(organisationAggregate, SHOP, category, { ...moverFor('category'), at });
  return platform;
}

export interface CampaignNode extends ContractNode {
  readonly process: CampaignProcess;
  create(
    change?: Partial<CreateCampaignInput>,
    caller?: Caller,
  ): ReturnType<CreateCampaignHandler['execute']>;
  sponsor(
    campaignId: CampaignId,
    budget: Money,
    caller?: Caller,
    key?: string,
  ): ReturnType<SponsorCampaignHandler['execute']>;
  signUp(campaignId: CampaignId, caller: Caller, key?: string): ReturnType<SignUpHandler['execute']>;
  spend(
    caller: Caller,
    input: Omit<SpendVoucher['input'], 'idempotencyKey'>,
    key?: string,
  ): ReturnType<SpendVoucherHandler['execute']>;
  campaign(campaignId: CampaignId): Promise<KnownCampaign>;
  advance(campaignId: CampaignId): ReturnType<CampaignProcess['advance']>;
}

export function campaignNode(platform: CampaignPlatform, log: EventLog = platform.log): CampaignNode {
  const node = contractNode(platform, log);
  const { store, contracts } = node;
  const { runtime, seals, employers } = platform;
  const employment: Employment = {
    employersOf: (_tenant, personId) => Promise.resolve(employers.get(personId) ?? []),
  };
  const parts = { store, contracts, merchants: new MerchantRegister(store), employment, seals, runtime };
  const process = new CampaignProcess(parts);
  // Everybody's wallet is their own here; whose it is is payments' affair.
  const wallets = { execute: () => Promise.resolve({ allowed: true }) } as never;
  const handlers = {
    create: new CreateCampaignHandler(parts),
    sponsor: new SponsorCampaignHandler(parts, process, wallets),
    signUp: new SignUpHandler(parts, process),
    spend: new SpendVoucherHandler(parts),
  };
  return {
    ...node,
    process,
    create: (change = {}, caller = BURSAR) =>
      handlers.create.execute(
        new CreateCampaign(requestOf(caller), { ...campaignInput(platform), ...change }),
      ),
    sponsor: (campaignId, expectedBudget, caller = SPONSOR, idempotencyKey = `sponsor ${campaignId}`) => {
      const input = { idempotencyKey, campaignId, walletId: WALLET, expectedBudget };
      return handlers.sponsor.execute(new SponsorCampaign(requestOf(caller), input));
    },
    signUp: (campaignId, caller, idempotencyKey = 'sign-up-1') =>
      handlers.signUp.execute(new SignUpForCampaign(requestOf(caller), { idempotencyKey, campaignId })),
    spend: (caller, input, idempotencyKey = 'spend-1') =>
      handlers.spend.execute(new SpendVoucher(requestOf(caller), { ...input, idempotencyKey })),
    async campaign(campaignId) {
      const state: CampaignState = (await store.load(campaignAggregate, campaignId)).state;
      if (state.status === 'absent') throw new Error(`There is no campaign ${campaignId}.`);
      return state;
    },
    advance: (campaignId) => process.advance(campaignId, MOVER),
  };
}

/** One voucher of ¥50, two of ¥10; sign-ups for a day from now on, the draw an hour after, thirty days to spend. */
export function campaignInput({ runtime }: Pick<CampaignPlatform, 'runtime'>): CreateCampaignInput {
  const now = runtime.clock.now();
  return {
    idempotencyKey: 'campaign-1',
    organisationId: SCHOOL,
    name: '秋季消费券',
    sponsorAccountId: SPONSOR.accountId,
    awards: {
      kind: 'vouchers',
      prizes: [
        { amount: fen(5_000), count: 1 },
        { amount: fen(1_000), count: 2 },
      ],
      shops: [],
      categories: ['5411'],
      minSpend: fen(1_500),
    },
    opensAt: now,
    closesAt: addMs(now, DAY_MS),
    drawAt: addMs(now, DAY_MS + HOUR_MS),
    expiresAt: addMs(now, 30 * DAY_MS),
  };
}

/** Drawn up, agreed to and paid for. */
export async function openCampaign(
  node: CampaignNode,
  change: Partial<CreateCampaignInput> = {},
): Promise<CampaignId> {
  const { id, budget, budgetContractId } = accepted(await node.create(change));
  accepted(await node.sponsor(id, budget));
  await fund(node, budgetContractId!);
  await node.advance(id);
  return id;
}

/** What payments do with money that one contract releases to another. */
export async function deliverAwards(platform: CampaignPlatform, node: CampaignNode): Promise<void> {
  for (const event of await contractEventsIn(platform)) {
    if (event.type !== 'FundsReleased') continue;
    const { contractId, releaseId, splits } = event.data;
    for (const { onTo, amount } of splits) {
      if (!onTo?.startsWith('contract:')) continue;
      const target = asId<'contract'>(onTo.slice('contract:'.length));
      const source = { kind: 'contract', contractId, releaseId } as const;
      const deposit = { kind: 'deposit', depositId: releaseId, source, amount } as const;
      const mover = moverFor(`deposit ${releaseId}`, 'system:payouts');
      accepted(await node.contracts.act(mover, 'system', target, deposit));
    }
  }
}

/** What the process manager does with everything that is in the log, from the beginning. */
export async function followContracts(platform: CampaignPlatform, node: CampaignNode): Promise<void> {
  const { store, contracts } = node;
  const { runtime, seals } = platform;
  const employment = { employersOf: () => Promise.resolve([]) };
  const parts = { store, contracts, merchants: new MerchantRegister(store), employment, seals, runtime };
  const manager = new CampaignContracts(parts, node.process, releaseContractEvents);
  for (const recorded of await recordedEvents(platform.log)) {
    if (recorded.stream.startsWith('contract-')) await manager.react(platform.catalogue.decode(recorded));
  }
}

/** All that a voucher of the campaign is entitled to, by holder. */
export async function vouchersOf(
  node: CampaignNode,
  campaignId: CampaignId,
): Promise<ReadonlyMap<string, ContractId>> {
  const { drawn } = await node.campaign(campaignId);
  return new Map(drawn?.winners.map(({ account, contractId }) => [account, contractId]));
}

/** Totals of every contract of the campaign, in minor units, and where money went, by account. */
export async function moneyOf(platform: CampaignPlatform) {
  const held = new Map<ContractId, bigint>();
  const reached = new Map<string, bigint>();
  for (const event of (await contractEventsIn(platform)) as readonly ContractEvent[]) {
    held.set(event.data.contractId, event.data.totals.held);
    if (event.type !== 'FundsReleased' && event.type !== 'FundsRefunded') continue;
    for (const { account, onTo, amount } of event.data.splits) {
      const place = onTo ?? account;
      reached.set(place, (reached.get(place) ?? 0n) + amount);
    }
  }
  return { held, reached };
}
