import type { Commands, Queries } from '../own-writes.js';
import { type Resolvers, badInput, globalId, resultOf } from '#libs/graphql/index.js';
import { type Id, type OrganisationId, asId } from '#libs/kernel/ids/index.js';
import {
  OrganisationById,
  type OrganisationView,
  RegisterOrganisation,
} from '#libs/onboarding/contract/index.js';
import type { Caller } from '#libs/security/port/index.js';
import type { GatewayContext } from '../context.js';

const CODE = /^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$/;

interface RegisterInput {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly kind: 'SCHOOL';
}

/** Asks once per request for each organisation. */
export function organisationOf(
  queries: Queries,
  context: GatewayContext,
  id: OrganisationId,
): Promise<OrganisationView | undefined> {
  const known = context.organisations.get(id);
  if (known) return known;
  const asked = queries.execute(new OrganisationById(context.request, id));
  context.organisations.set(id, asked);
  return asked;
}

/** For object types whose source carries an organisation's id. */
export function organisationField(queries: Queries) {
  return (source: { readonly organisationId: OrganisationId }, _args: unknown, context: GatewayContext) =>
    organisationOf(queries, context, source.organisationId);
}

export function onboardingResolvers(commands: Commands, queries: Queries): Resolvers {
  return {
    Query: {
      me: (_source: unknown, _args: unknown, context: GatewayContext) => context.request.caller,
      organisation: (_source: unknown, { id }: { readonly id?: string | null }, context: GatewayContext) =>
        organisationOf(queries, context, context.organisation(id)),
    },
    Mutation: {
      registerOrganisation: async (
        _source: unknown,
        { input }: { readonly input: RegisterInput },
        context: GatewayContext,
      ) => {
        if (!CODE.test(input.code))
          throw badInput('INVALID_CODE', 'A code is 3 to 40 of a-z, 0-9 and "-".', ['input', 'code']);
        const organisationId: Id<'organisation'> = asId(input.code);
        const { nameZh, nameEn } = input;
        return resultOf(
          await commands.execute(
            new RegisterOrganisation(context.request, { organisationId, nameZh, nameEn, kind: 'school' }),
          ),
        );
      },
    },
    Me: {
      roles: (source: Caller) => source.roles.map((role) => role.toUpperCase()),
      organisation: (source: Caller, _args: unknown, context: GatewayContext) =>
        source.organisation && organisationOf(queries, context, source.organisation),
    },
    Organisation: {
      id: (source: OrganisationView) => globalId('Organisation', source.id),
      code: (source: OrganisationView) => source.id,
      name: (source: OrganisationView, _args: unknown, context: GatewayContext) =>
        context.language === 'zh-CN' ? source.nameZh : source.nameEn,
      kind: (source: OrganisationView) => source.kind.toUpperCase(),
    },
  };
}
