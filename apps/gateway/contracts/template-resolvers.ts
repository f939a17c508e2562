import {
  type RegionalParametersView,
  type RegionalProposal,
  type TemplateParameterView,
  type TemplateView,
  PublishTemplate,
  RegionalParametersOf,
  SetRegionalParameters,
  TemplateFindings,
  TemplateVersion,
  Templates,
} from '#libs/contracts/contract/templates.js';
import { type RefusedResult, type Resolvers, globalId, resultOf } from '#libs/graphql/index.js';
import { currencyOf } from '#libs/kernel/money/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import type { GatewayContext } from '../context.js';
import type { Commands, Queries } from '../own-writes.js';
import { parameterList } from './contract-fields.js';
import { type ParameterInput, readParameters } from './read-input.js';
import { simulationFields, simulationQueries } from './simulation.js';

type Input<Content> = { readonly input: Content };

interface RegionInput {
  readonly idempotencyKey: string;
  readonly region: string;
  readonly effectiveFrom: LocalDate;
  readonly zone: string;
  readonly holidays: readonly LocalDate[];
  readonly workingDays: readonly LocalDate[];
  readonly values: readonly { readonly templateId: string; readonly parameter: ParameterInput }[];
  readonly reason: string;
}

interface Titled {
  readonly title: TemplateView['title'];
}

const title = ({ title: words }: Titled, _args: unknown, { language }: GatewayContext) => words[language];

export function contractTemplateResolvers(commands: Commands, queries: Queries): Resolvers {
  return {
    Query: { ...templateQueries(queries), ...simulationQueries(queries) },
    Mutation: templateMutations(commands),
    ReleaseTemplate: {
      templateId: ({ id }: TemplateView) => id,
      title,
      summary: ({ summary }: TemplateView, _args: unknown, { language }: GatewayContext) => summary[language],
      currency: ({ asset }: TemplateView) => currencyOf(asset),
    },
    TemplateRole: { title },
    TemplateRule: {
      title,
      kind: ({ kind }: TemplateView['rules'][number]) => kind.toUpperCase(),
    },
    TemplateParameter: {
      title,
      type: ({ type }: TemplateParameterView) => type.toUpperCase(),
      regional: ({ from }: TemplateParameterView) => from === 'region',
    },
    RegionalParameters: {
      values: ({ values }: RegionalParametersView) =>
        values.map(({ templateId, parameter, value }) => ({
          templateId,
          parameter: parameterList({ [parameter]: value })[0],
        })),
    },
    RegionalProposal: {
      approvalId: ({ id }: RegionalProposal) => globalId('Approval', id),
      parameters: (proposal: RegionalProposal) => proposal,
    },
    TemplateHasFindings: {
      findings: ({ rejection }: RefusedResult) => ('findings' in rejection ? rejection.findings : []),
    },
    ...simulationFields(),
  };
}

function templateQueries(queries: Queries): Resolvers[string] {
  return {
    releaseTemplates: (_: unknown, _args: unknown, { request }: GatewayContext) =>
      queries.execute(new Templates(request)),
    releaseTemplate: async (
      _: unknown,
      { templateId, version }: { readonly templateId: string; readonly version?: string | null },
      { request }: GatewayContext,
    ) => {
      const found = await queries.execute(new TemplateVersion(request, templateId, version ?? undefined));
      return found && { ...found.template, versions: found.versions };
    },
    templateFindings: (
      _: unknown,
      { document }: { readonly document: string },
      { request }: GatewayContext,
    ) => queries.execute(new TemplateFindings(request, document)),
    regionalParameters: (
      _: unknown,
      { region, on }: { readonly region: string; readonly on?: LocalDate | null },
      { request }: GatewayContext,
    ) => queries.execute(new RegionalParametersOf(request, region, on ?? undefined)),
  };
}

function templateMutations(commands: Commands): Resolvers[string] {
  return {
    publishTemplate: async (
      _: unknown,
      { input }: Input<{ readonly document: string }>,
      { request }: GatewayContext,
    ) => resultOf(await commands.execute(new PublishTemplate(request, input))),
    setRegionalParameters: async (_: unknown, { input }: Input<RegionInput>, { request }: GatewayContext) => {
      const values = input.values.map(({ templateId, parameter }) => ({
        templateId,
        parameter: parameter.name,
        value: readParameters([parameter], ['input', 'values'])[parameter.name]!,
      }));
      return resultOf(await commands.execute(new SetRegionalParameters(request, { ...input, values })));
    },
  };
}
