/** A contract that pays out to everybody it can: an organisation, a wallet, another contract, and back to its payer. */
import type { Party, ReleaseContracts } from '#libs/contracts/contract/release-contracts.js';
import type { Template } from '#libs/contracts/contract/release-contracts.js';
import type { ReleaseTemplates } from '#libs/contracts/contract/templates.js';
import { templateHashOf } from '#libs/contracts/application/hashes.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { asId, type ContractId } from '#libs/kernel/ids/index.js';
import { SCHOOL, TENANT } from './callers.js';
import { accepted } from './payment-fixture.js';

const words = (text: string) => ({ 'zh-CN': text, 'en-US': text });
const approved = { approved: { k: 1, of: ['payer'] } };

/** At least 1,000 fen and at most 5,000, in as many payments as one likes; every rule waits for the payer's word. */
const PROBE: Template = {
  apiVersion: 'contract/v1',
  id: 'custody-probe',
  version: '1.0.0',
  title: words('托管试验'),
  summary: words('托管试验'),
  asset: 'CNY/2',
  roles: {
    payer: { title: words('付款人'), signs: true },
    school: { title: words('学校') },
    teacher: { title: words('教师') },
    fund: { title: words('基金') },
  },
  params: {},
  funding: { from: 'payer', min: '1000', max: '5000', by: '2026-10-01T00:00:00.000Z', mode: 'topup' },
  rules: [
    {
      id: 'lesson',
      title: words('课时'),
      do: 'release',
      when: approved,
      amount: { fixed: '300' },
      to: [
        { to: 'school', share: '2/3' },
        { to: 'teacher', share: 'rest' },
      ],
    },
    {
      id: 'grant',
      title: words('拨付'),
      do: 'release',
      when: approved,
      amount: { fixed: '1000' },
      to: 'fund',
    },
    {
      id: 'rest',
      title: words('退余'),
      do: 'refund',
      when: approved,
      amount: { remaining: true },
      to: 'payer',
      final: true,
    },
  ],
  dispute: {
    by: ['payer'],
    freeze: 'held',
    resolve: { k: 1, of: ['payer'] },
    timeout: 'P1D',
    default: 'refund',
  },
  end: { at: '2027-09-01T00:00:00.000Z', do: 'refund', to: 'payer' },
};

/** The same, paid in at once. */
const PROBE_ONCE: Template = {
  ...PROBE,
  id: 'custody-probe-once',
  funding: { ...PROBE.funding, mode: 'once' },
};

/** The same in another asset. */
const PROBE_IN_DOLLARS: Template = { ...PROBE, id: 'custody-probe-usd', asset: 'USD/2' };

export const PROBE_TEMPLATES: ReleaseTemplates = {
  find(_tenant, id) {
    const template = [PROBE_ONCE, PROBE_IN_DOLLARS].find((one) => one.id === id) ?? PROBE;
    const hash = templateHashOf(template);
    return Promise.resolve({ template, hash, publishedAt: null, publishedBy: null });
  },
  versions: () => Promise.resolve([]),
};

export function probeId(name: string): ContractId {
  return asId<'contract'>(deriveUuid(UUID_NAMESPACES.entity, 'contract', name));
}

/** Of payees that are never paid. */
const NOBODYS_WALLET = '00000000-0000-8000-8000-000000000009';
const NO_CONTRACT = probeId('none');

export interface Probe {
  readonly payer?: string;
  /** Of the teacher; absent where no lesson is paid. */
  readonly walletId?: string;
  /** The contract that a grant goes to; absent where none is made. */
  readonly fund?: string;
  readonly once?: true;
  readonly dollars?: true;
}

function partiesOf({ payer = 'payer-1', walletId, fund }: Probe): readonly Party[] {
  const account = (role: string, partyId: string, payTo: string | null): Party => ({
    role,
    partyId,
    kind: 'account',
    payTo,
  });
  return [
    account('payer', payer, null),
    { role: 'school', partyId: SCHOOL, kind: 'organisation', payTo: `org:${SCHOOL}:payable` },
    account('teacher', 'teacher-1', `wallet:${walletId ?? NOBODYS_WALLET}`),
    account('fund', 'fund-1', `contract:${fund ?? NO_CONTRACT}`),
  ];
}

function templateOf({ once, dollars }: Probe): Template {
  if (dollars) return PROBE_IN_DOLLARS;
  return once ? PROBE_ONCE : PROBE;
}

function mover(step: string, actor = 'payer-1') {
  const commandId = deriveUuid(UUID_NAMESPACES.command, 'probe', step);
  return { tenant: TENANT, actor, correlationId: 'correlation-1', commandId };
}

/** Drafted and signed; waits for money. */
export async function signedProbe(
  contracts: Pick<ReleaseContracts, 'draft' | 'act'>,
  name: string,
  probe: Probe = {},
): Promise<ContractId> {
  const contractId = probeId(name);
  const { docHash } = accepted(
    await contracts.draft(mover(`${name} draft`), 'payer', {
      contractId,
      organisationId: SCHOOL,
      subject: `contract-${name}`,
      templateId: templateOf(probe).id,
      region: 'CN',
      params: {},
      parties: partiesOf(probe),
    }),
  );
  const keyId = probe.payer ?? 'payer-1';
  const signature = { keyId, alg: 'account', docHash, sig: '' } as const;
  const sign = { kind: 'sign', role: 'payer', signature } as const;
  accepted(await contracts.act(mover(`${name} sign`), 'payer', contractId, sign));
  return contractId;
}

/** The payer says yes to the rule. */
export async function approve(
  contracts: Pick<ReleaseContracts, 'act'>,
  contractId: ContractId,
  ruleId: string,
): Promise<void> {
  const act = { kind: 'approve', ruleId, dedupeKey: '', decision: 'approve' } as const;
  accepted(await contracts.act(mover(`${contractId} ${ruleId}`), 'payer', contractId, act));
}
