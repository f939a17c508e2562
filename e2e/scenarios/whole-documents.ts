import {
  buildASTSchema,
  getNamedType,
  type GraphQLField,
  GraphQLObjectType,
  isLeafType,
  isUnionType,
  parse,
} from 'graphql';
import { sdlDocuments } from '#apps/gateway/schema.js';

/** Documents that ask an operation for all it can say. */
const schema = buildASTSchema(parse(sdlDocuments().join('\n')));
type Field = GraphQLField<unknown, unknown>;

export const queryFields = (): readonly Field[] => Object.values(schema.getQueryType()?.getFields() ?? {});
export const mutationFields = (): readonly Field[] =>
  Object.values(schema.getMutationType()?.getFields() ?? {});
export const subscriptionFields = (): readonly Field[] =>
  Object.values(schema.getSubscriptionType()?.getFields() ?? {});

/** Costly or endless below others, and reachable from the root by themselves. */
const NOT_FOLLOWED = new Set(['organisation', 'bill', 'payments', 'edges', 'totals']);

/** Everything a type has, down to a depth; so that whatever could leak is asked for. */
function everythingOf(type: GraphQLObjectType, depth: number): string {
  const parts = Object.values(type.getFields()).map((field) => {
    const named = getNamedType(field.type);
    if (isLeafType(named)) return field.name;
    if (!(named instanceof GraphQLObjectType) || depth === 0 || NOT_FOLLOWED.has(field.name)) return '';
    const page = field.args.some(({ name }) => name === 'first') ? '(first: 5)' : '';
    return `${field.name}${page} { ${everythingOf(named, depth - 1)} }`;
  });
  return `__typename ${parts.join(' ')}`;
}

/** A document that asks an operation for all it can say, with its arguments as variables. */
export function documentOf(kind: 'query' | 'mutation' | 'subscription', field: Field, given: object): string {
  const args = field.args.filter(({ name }) => name in given);
  const declared = args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const passed = args.map(({ name }) => `${name}: $${name}`).join(', ');
  const type = getNamedType(field.type);
  const selection = isUnionType(type)
    ? `__typename ... on Rejection { code }`
    : everythingOf(type as GraphQLObjectType, kind === 'subscription' ? 1 : 3);
  return `${kind} Q${declared && `(${declared})`} { ${field.name}${passed && `(${passed})`} { ${selection} } }`;
}

/** Name of the type that says "done". */
export function successOf(field: Field): string {
  const type = getNamedType(field.type);
  if (!isUnionType(type)) throw new Error(`${field.name} has no union.`);
  const [success] = type
    .getTypes()
    .filter((member) => !member.getInterfaces().some(({ name }) => name === 'Rejection'));
  return success?.name ?? '';
}
