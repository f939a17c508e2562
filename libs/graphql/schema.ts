import {
  GraphQLInterfaceType,
  GraphQLObjectType,
  GraphQLScalarType,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  GraphQLUnionType,
  buildASTSchema,
  isScalarType,
  isSpecifiedScalarType,
  parse,
} from 'graphql';
import { RefusedResult, rejectionTypeName } from './rejection.js';

/** A field's resolver. Parameters are `never` so that each resolver may declare the types it really gets. */
export type FieldResolver = (source: never, args: never, context: never, info: GraphQLResolveInfo) => unknown;

/** A subscription's source: the events, and how each becomes the field's value. */
export interface StreamResolver {
  subscribe(
    source: never,
    args: never,
    context: never,
  ): AsyncIterable<unknown> | Promise<AsyncIterable<unknown>>;
  resolve(event: never): unknown;
}

export type TypeResolvers = Readonly<Record<string, FieldResolver | StreamResolver>>;
/** By object type, then by field. Fields without a resolver are read from the source by name. */
export type Resolvers = Readonly<Record<string, TypeResolvers>>;

/** Turns whatever a resolver threw into what the client may know. */
export type Explain = (fault: unknown, context: unknown) => Error;

/**
 * Joins the SDL files with resolvers and scalars.
 *
 * @throws Error on a resolver without a field, a scalar without a definition, a root field without a resolver
 */
export function executableSchema(
  documents: readonly string[],
  resolvers: readonly Resolvers[],
  scalars: readonly GraphQLScalarType[],
  explain: Explain,
): GraphQLSchema {
  const schema = buildASTSchema(parse(documents.join('\n')));
  for (const scalar of scalars) adopt(schema, scalar);
  for (const type of Object.values(schema.getTypeMap())) {
    if (
      isScalarType(type) &&
      !isSpecifiedScalarType(type) &&
      !scalars.some(({ name }) => name === type.name)
    ) {
      throw new Error(`No definition for the scalar ${type.name}.`);
    }
    if (type instanceof GraphQLUnionType) type.resolveType = resultTypeResolver(type);
    if (type instanceof GraphQLInterfaceType) type.resolveType = interfaceTypeName;
  }
  for (const part of resolvers)
    for (const [name, fields] of Object.entries(part)) attach(schema, name, fields, explain);
  for (const root of [schema.getQueryType(), schema.getMutationType()]) assertComplete(root);
  return schema;
}

function adopt(schema: GraphQLSchema, scalar: GraphQLScalarType): void {
  const declared = schema.getType(scalar.name);
  if (!(declared instanceof GraphQLScalarType)) throw new Error(`The SDL has no scalar ${scalar.name}.`);
  declared.serialize = scalar.serialize;
  declared.parseValue = scalar.parseValue;
  declared.parseLiteral = scalar.parseLiteral;
}

function attach(schema: GraphQLSchema, typeName: string, fields: TypeResolvers, explain: Explain): void {
  const type = schema.getType(typeName);
  if (!(type instanceof GraphQLObjectType))
    throw new Error(`Resolvers for ${typeName}, which is not an object type.`);
  for (const [name, resolver] of Object.entries(fields)) {
    const field = type.getFields()[name];
    if (!field) throw new Error(`A resolver for ${typeName}.${name}, which does not exist.`);
    if (typeof resolver === 'function') {
      field.resolve = guarded(resolver, explain);
    } else {
      field.subscribe = guarded(resolver.subscribe, explain);
      field.resolve = guarded(resolver.resolve, explain);
    }
  }
}

type ExecutorResolver = GraphQLFieldResolver<unknown, unknown>;

function guarded(
  resolver: FieldResolver | StreamResolver['subscribe'] | StreamResolver['resolve'],
  explain: Explain,
): ExecutorResolver {
  const resolve = resolver as ExecutorResolver;
  return (source, args, context, info) => {
    try {
      const answer = resolve(source, args, context, info);
      return answer instanceof Promise
        ? answer.catch((fault: unknown) => Promise.reject(explain(fault, context)))
        : answer;
    } catch (fault) {
      throw explain(fault, context);
    }
  };
}

function assertComplete(root: GraphQLObjectType | null | undefined): void {
  const missing = Object.values(root?.getFields() ?? {}).filter(({ resolve }) => !resolve);
  if (missing.length > 0)
    throw new Error(`No resolver for ${missing.map(({ name }) => `${root?.name}.${name}`).join(', ')}.`);
}

/** A result union has one success type, every other member is a rejection. */
function resultTypeResolver(union: GraphQLUnionType): (value: unknown) => string {
  const successes = union.getTypes().filter((type) => !isRejectionType(type));
  const [success] = successes;
  if (!success || successes.length > 1) throw new Error(`${union.name} needs exactly one success type.`);
  return (value) => (value instanceof RefusedResult ? rejectionTypeName(value.rejection.code) : success.name);
}

export function isRejectionType(type: GraphQLObjectType): boolean {
  return type.getInterfaces().some(({ name }) => name === 'Rejection');
}

function interfaceTypeName(value: unknown): string {
  if (value instanceof RefusedResult) return rejectionTypeName(value.rejection.code);
  throw new Error('Only rejections are answered by interface.');
}
