import { randomUUID } from 'node:crypto';
import type { CommandBus } from '@nestjs/cqrs';
import type {
  AttestorKey,
  ContractFunding,
  ContractMover,
  DraftInput,
  ReleaseContracts,
} from '#libs/contracts/contract/release-contracts.js';
import { PublishTemplate, type ReleaseTemplates } from '#libs/contracts/contract/templates.js';
import { asId, type ContractId, type OrganisationId, type WalletId } from '#libs/kernel/ids/index.js';
import { addMs, parseInstant } from '#libs/kernel/time/index.js';
import { DEMO_TENANT } from '#libs/security/adapters/demo/demo-directory.js';
import { inFlight } from '../../harness/in-flight.js';
import { accepted } from './accepted.js';
import { AUTHORITY, businessDevelopment, organisationAt, payer } from './callers.js';

/** Of every lesson: 100 yuan. */
export const LESSON_FEN = 10_000n;
const AT_ONCE = 64;
const DAY_MS = 86_400_000;
const COURSE = 'tuition-per-lesson';
const WITHOUT_NOTICE = 'bench-lessons';

export interface ContractsTarget {
  readonly contracts: ReleaseContracts;
  readonly funding: ContractFunding;
}

export interface ContractsOrder {
  readonly count: number;
  readonly lessons: number;
  /** The shipped course, with the region's period of notice for each lesson, or the same without it. */
  readonly notice: boolean;
  /** Of the lesson terminals. */
  readonly keys: readonly AttestorKey[];
  /** Whose they are; absent: dealt out to so many in turn. */
  readonly organisation: OrganisationId | { readonly organisations: number };
  /** Dealt out to the contracts: where what is refunded goes. */
  readonly wallets: readonly WalletId[];
}

/**
 * The shipped course but for the period of notice: each lesson is paid as soon as it is attested. The school may not say so by
 * itself: the terminals are the authority's.
 */
export async function publishWithoutNotice(commands: CommandBus, templates: ReleaseTemplates): Promise<void> {
  const published = await templates.find(DEMO_TENANT, COURSE);
  if (!published) throw new Error(`There is no template ${COURSE}.`);
  const { params, checks = [], attestors, rules, ...template } = published.template;
  const document = JSON.stringify({
    ...template,
    id: WITHOUT_NOTICE,
    params: Object.fromEntries(Object.entries(params).filter(([, { from }]) => from !== 'region')),
    checks: checks.slice(0, 1),
    attestors: Object.fromEntries(
      Object.entries(attestors ?? {}).map(([name, attestor]) => [name, { ...attestor, heldBy: ['bureau'] }]),
    ),
    rules: rules.map((rule) => without(rule, ['cooling', 'confirmedBy'])),
  });
  const publish = new PublishTemplate(businessDevelopment(), { document });
  accepted(await commands.execute(publish), 'publish a template');
}

function without(value: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

/** Drafted, signed by both, paid for, in force. The money is said to lie in `clearing:funding`: there is no payment. */
export async function prepareContracts(
  target: ContractsTarget,
  order: ContractsOrder,
): Promise<readonly ContractId[]> {
  const ids: ContractId[] = [];
  await inFlight(order.count, AT_ONCE, async (index) => {
    const input = inputOf(order, index);
    await agree(target.contracts, input);
    await pay(target, input.contractId);
    ids[index] = input.contractId;
  });
  return ids;
}

async function agree(contracts: ReleaseContracts, input: DraftInput): Promise<void> {
  const { contractId } = input;
  const { docHash, unsigned } = accepted(await contracts.draft(mover(), 'school', input), 'draft a contract');
  for (const role of unsigned) {
    const signature = { keyId: role, alg: 'account', docHash, sig: '' } as const;
    const signed = await contracts.act(mover(), role, contractId, { kind: 'sign', role, signature });
    accepted(signed, 'sign a contract');
  }
}

async function pay({ contracts, funding }: ContractsTarget, contractId: ContractId): Promise<void> {
  const paymentId = asId<'payment'>(randomUUID());
  const step = () => ({ ...mover(), contractId, paymentId });
  const contract = await contracts.find(DEMO_TENANT, contractId);
  if (!contract) throw new Error('A contract that was signed is gone.');
  const { reserved } = accepted(await funding.reserve(step(), contract.fundable.max), 'fund a contract');
  await funding.deposit(step(), reserved);
}

function mover(): ContractMover {
  const commandId = randomUUID();
  return { tenant: DEMO_TENANT, actor: 'bench', correlationId: commandId, commandId };
}

function inputOf(
  { lessons, notice, keys, organisation, wallets }: ContractsOrder,
  index: number,
): DraftInput {
  const now = parseInstant(new Date().toISOString());
  const school =
    typeof organisation === 'string' ? organisation : organisationAt(index % organisation.organisations);
  const contractId = asId<'contract'>(randomUUID());
  return {
    contractId,
    organisationId: school,
    subject: `contract-${contractId}`,
    templateId: notice ? COURSE : WITHOUT_NOTICE,
    region: 'CN',
    params: {
      total: String(LESSON_FEN * BigInt(lessons)),
      lessons: String(lessons),
      fundBy: addMs(now, 7 * DAY_MS),
      endsAt: addMs(now, 60 * DAY_MS),
      attKeys: keys,
    },
    parties: [
      {
        role: 'payer',
        partyId: payer().caller.accountId,
        kind: 'account',
        payTo: `wallet:${wallets[index % wallets.length]!}`,
      },
      { role: 'school', partyId: school, kind: 'organisation', payTo: `org:${school}:payable` },
      { role: 'bureau', partyId: AUTHORITY, kind: 'organisation', payTo: null },
    ],
  };
}
