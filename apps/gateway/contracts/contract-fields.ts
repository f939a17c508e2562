import type {
  AttestorKey,
  ContractSummary,
  ParameterValues,
  Party,
} from '#libs/contracts/contract/release-contracts.js';
import { TemplateVersion } from '#libs/contracts/contract/templates.js';
import { type ContractTimelineEntry, ContractTimeline, UnitsOf } from '#libs/contracts/contract/views.js';
import { MAX_PAGE, type Resolvers, connectionOf, globalId, readPage } from '#libs/graphql/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import type { GatewayContext } from '../context.js';
import { enumValueOf } from '../enum-names.js';
import { translate } from '../i18n/index.js';
import { organisationField, organisationOf } from '../onboarding/resolvers.js';
import type { Queries } from '../own-writes.js';

interface PageArgs {
  readonly first: number;
  readonly after?: string | null;
}

type Dispute = NonNullable<ContractSummary['openDispute']>;
type Amendment = NonNullable<ContractSummary['openAmendment']>;

/** Of the account paths a party can be paid into. */
const PAYOUTS: Readonly<Record<string, string>> = {
  org: 'PAYABLE',
  treasury: 'TREASURY',
  bank: 'BANK_FEES',
  wallet: 'WALLET',
  contract: 'CONTRACT',
};

/** Parameters in the order of their names. */
export function parameterList(params: ParameterValues) {
  return Object.keys(params)
    .toSorted()
    .map((name) => {
      const value = params[name]!;
      if (typeof value === 'string') return { name, value };
      return isKeys(value) ? { name, keys: value } : { name, values: value };
    });
}

function isKeys(value: readonly string[] | readonly AttestorKey[]): value is readonly AttestorKey[] {
  return typeof value[0] === 'object';
}

export function contractFields(queries: Queries): Resolvers {
  return {
    ReleaseContract: releaseContract(queries),
    AttestorKey: { algorithm: ({ alg }: AttestorKey) => alg.toUpperCase() },
    ContractParty: {
      account: ({ kind, partyId }: Party) => (kind === 'account' ? partyId : null),
      organisationId: ({ kind, partyId }: Party) =>
        kind === 'organisation' ? globalId('Organisation', partyId) : null,
      organisation: ({ kind, partyId }: Party, _args: unknown, context: GatewayContext) =>
        kind === 'organisation' ? organisationOf(queries, context, asId<'organisation'>(partyId)) : null,
      paidTo: ({ payTo }: Party) => (payTo === null ? 'ORIGIN' : PAYOUTS[payTo.split(':', 1)[0]!]),
      mine: ({ kind, partyId }: Party, _args: unknown, { request: { caller } }: GatewayContext) =>
        partyId === (kind === 'account' ? caller.accountId : caller.organisation),
    },
    ContractDispute: {
      ruleId: ({ subject }: Dispute) => subject?.ruleId,
      dedupeKey: ({ subject }: Dispute) => subject?.dedupeKey,
    },
    DisputeVote: { outcome: ({ outcome }: Dispute['votes'][number]) => outcome.toUpperCase() },
    ContractAmendment: {
      documentHash: ({ docHash }: Amendment) => docHash,
      parameters: ({ params }: Amendment) => parameterList(params),
    },
    ContractRule: {
      title: ({ title }: ContractSummary['rules'][number], _args: unknown, { language }: GatewayContext) =>
        title[language],
    },
    ContractTimelineEntry: {
      sequence: ({ seq }: ContractTimelineEntry) => seq,
      message: (source: ContractTimelineEntry, _args: unknown, { language }: GatewayContext) => {
        const { messageKey: key, details, type } = source;
        return translate(language, { key, fallback: type, details });
      },
      role: ({ by }: ContractTimelineEntry) => by.role,
      ruleId: ({ unit }: ContractTimelineEntry) => unit?.ruleId,
      dedupeKey: ({ unit }: ContractTimelineEntry) => unit?.dedupeKey,
      releaseId: ({ details }: ContractTimelineEntry) => details['releaseId'],
      status: ({ status }: ContractTimelineEntry) => enumValueOf(status),
    },
  };
}

function releaseContract(queries: Queries): Resolvers[string] {
  return {
    id: ({ contractId }: ContractSummary) => globalId('Contract', contractId),
    number: ({ contractId }: ContractSummary) => contractId,
    title: ({ title }: ContractSummary, _args: unknown, { language }: GatewayContext) => title[language],
    status: ({ status }: ContractSummary) => enumValueOf(status),
    organisation: organisationField(queries),
    template: async (source: ContractSummary, _args: unknown, { request }: GatewayContext) => {
      const { templateId, templateVersion } = source;
      const found = await queries.execute(new TemplateVersion(request, templateId, templateVersion));
      return found && { ...found.template, versions: found.versions };
    },
    documentHash: ({ docHash }: ContractSummary) => docHash,
    parameters: ({ params }: ContractSummary) => parameterList(params),
    openUnits: ({ openUnits }: ContractSummary) => openUnits.slice(0, MAX_PAGE),
    timeline: async ({ contractId }: ContractSummary, args: PageArgs, { request }: GatewayContext) => {
      const page = readPage(args);
      const found = await queries.execute(new ContractTimeline(request, contractId, page));
      return found && connectionOf(found, page);
    },
    units: async ({ contractId }: ContractSummary, args: PageArgs, { request }: GatewayContext) => {
      const page = readPage(args);
      const found = await queries.execute(new UnitsOf(request, contractId, page));
      return found && connectionOf(found, page);
    },
  };
}
