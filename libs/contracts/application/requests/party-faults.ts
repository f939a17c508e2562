import type { QueryBus } from '@nestjs/cqrs';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { WalletPrecheck } from '#libs/payments/contract/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { Party } from '../../contract/release-contracts.js';
import type { RuleTerms, Template } from '../../domain/template/types.js';
import { conditionsOf, payeesOf } from '../../domain/template/walk.js';
import { refused } from './refusals.js';

type Queries = Pick<QueryBus, 'execute'>;

/**
 * What one organisation that drafts alone must not do to the others: name a wallet for somebody that is not theirs, or fill two
 * roles of which the template counts on being two.
 */
export async function faultOfParties(
  queries: Queries,
  context: RequestContext,
  template: Template,
  parties: readonly Party[],
) {
  const doubled = doubledVoice(template, voicesOf(parties, context.caller));
  if (doubled) return invalid(`parties/${doubled.role}`, doubled.message);
  for (const party of parties) {
    if (await isPaidIntoOwn(queries, context, party)) continue;
    return invalid(`parties/${party.role}/payTo`, 'A person is paid into a wallet of their own.');
  }
  return undefined;
}

/**
 * Whoever is paid by wallet must own it: the person signs a document in which a wallet is a number, and the bursar has written it.
 * Another's looks like none.
 */
async function isPaidIntoOwn(
  queries: Queries,
  { caller: { tenant }, correlationId }: RequestContext,
  { kind, partyId, payTo }: Party,
): Promise<boolean> {
  if (kind !== 'account' || !payTo?.startsWith('wallet:')) return true;
  const walletId = asId<'wallet'>(payTo.slice('wallet:'.length));
  // In the party's name, of whom only the account is known; the amount does not matter.
  const owner = { accountId: partyId, personId: partyId, tenant, roles: ['payer'] } as const;
  const asked = { walletId, amount: money(CNY, 1n) };
  return (await queries.execute(new WalletPrecheck({ caller: owner, correlationId }, asked))) !== undefined;
}

/** Role and who speaks for it. Whoever drafts for an organisation is that organisation, also in a role of their own account. */
function voicesOf(
  parties: readonly Party[],
  { accountId, organisation }: RequestContext['caller'],
): ReadonlyMap<string, string> {
  return new Map(
    parties.map(({ role, kind, partyId }) => {
      const own = partyId === (kind === 'account' ? accountId : organisation);
      return [role, own ? 'drafter' : `${kind}:${partyId}`];
    }),
  );
}

interface DoubledVoice {
  readonly role: string;
  readonly message: string;
}

/** What the lint demands of roles, of those who fill them: votes of different parties, and nobody who confirms their own payment. */
function doubledVoice(template: Template, partyIn: ReadonlyMap<string, string>): DoubledVoice | undefined {
  for (const roles of votesIn(template)) {
    const voices = new Set<string>();
    for (const role of roles) {
      const party = partyIn.get(role);
      if (party === undefined) continue;
      if (voices.has(party)) return { role, message: `Of ${roles.join(', ')} each is another party.` };
      voices.add(party);
    }
  }
  for (const rule of template.rules) {
    const payees = new Set(payeesOf(rule).flatMap((role) => partyIn.get(role) ?? []));
    const role = judgesOf(rule, template).find((judge) => payees.has(partyIn.get(judge) ?? ''));
    if (role !== undefined) return { role, message: `${role} is another party than who is paid.` };
  }
  return undefined;
}

/** Roles that vote with each other. */
function votesIn({ dispute, rules }: Template): readonly (readonly string[])[] {
  const approvals = rules.flatMap(({ when }) =>
    [...conditionsOf(when, '')].flatMap(({ condition }) =>
      'approved' in condition ? [condition.approved.of] : [],
    ),
  );
  return [dispute.resolve.of, ...approvals];
}

/** Roles that say alone, for somebody else, that money may go: whoever confirms, and whoever resolves disputes alone. */
function judgesOf(rule: RuleTerms, { funding, dispute }: Template): readonly string[] {
  if (rule.do !== 'release') return [];
  const confirming = rule.cooling === undefined ? [] : (rule.confirmedBy ?? [funding.from]);
  const resolving = dispute.resolve.k === 1 ? dispute.resolve.of : [];
  const paid = payeesOf(rule);
  return [...confirming, ...resolving].filter((role) => !paid.includes(role));
}

function invalid(parameter: string, message: string) {
  const { rejection } = refused('INVALID_PARAMETERS', message, ['input', 'parties']);
  return { accepted: false, rejection: { ...rejection, details: { parameter } } } as const;
}
