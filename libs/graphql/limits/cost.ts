import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLInterfaceType,
  type GraphQLField,
  type GraphQLNamedType,
  GraphQLObjectType,
  type GraphQLSchema,
  Kind,
  type SelectionSetNode,
  type ValueNode,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
} from 'graphql';
import { MAX_PAGE } from '../connection.js';
import { protocolError } from '../errors.js';

/** Items assumed in a list that has no `first`. */
const ASSUMED_LENGTH = 10;

export interface CostScale {
  readonly schema: GraphQLSchema;
  /** Extra cost of single fields, by `Type.field`. */
  readonly weights: Readonly<Record<string, number>>;
  /** Values for page sizes; empty: the worst case. */
  readonly variables: Readonly<Record<string, unknown>>;
}

interface Measure {
  readonly depth: number;
  readonly cost: number;
}

/**
 * How deep a document goes and how many objects it can make the service produce: one per object field, times the page
 * size below a field with `first` (250 when it is a variable without a value), times 10 below other lists. Fragments count where they are
 * used, each measured once, so that fragments that spread each other twice cost no more time than they have text.
 *
 * @throws GraphQLError `GRAPHQL_VALIDATION_FAILED` on fragments that spread themselves
 */
export function measureCost(document: DocumentNode, scale: CostScale): Measure {
  const { schema } = scale;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const meter = new Meter(scale, fragments);
  let depth = 0;
  let cost = 0;
  for (const definition of document.definitions) {
    let measure: Measure | undefined;
    if (definition.kind === Kind.OPERATION_DEFINITION) {
      measure = meter.selection(
        definition.selectionSet,
        schema.getRootType(definition.operation) ?? undefined,
      );
    } else if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      measure = meter.fragment(definition.name.value);
    }
    depth = Math.max(depth, measure?.depth ?? 0);
    cost = Math.max(cost, measure?.cost ?? 0);
  }
  return { depth, cost };
}

class Meter {
  readonly #measured = new Map<string, Measure>();
  readonly #entered = new Set<string>();

  constructor(
    private readonly scale: CostScale,
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  ) {}

  selection(set: SelectionSetNode, parent: GraphQLNamedType | undefined): Measure {
    let depth = 0;
    let cost = 0;
    for (const node of set.selections) {
      let inner: Measure;
      if (node.kind === Kind.FIELD) inner = this.#field(node, parent);
      else if (node.kind === Kind.FRAGMENT_SPREAD) inner = this.fragment(node.name.value);
      else
        inner = this.selection(
          node.selectionSet,
          node.typeCondition ? this.scale.schema.getType(node.typeCondition.name.value) : parent,
        );
      depth = Math.max(depth, inner.depth);
      cost += inner.cost;
    }
    return { depth, cost };
  }

  fragment(name: string): Measure {
    const known = this.#measured.get(name);
    if (known) return known;
    const definition = this.fragments.get(name);
    if (!definition) return { depth: 0, cost: 0 }; // validation names the missing fragment
    if (this.#entered.has(name))
      throw protocolError('GRAPHQL_VALIDATION_FAILED', `Fragment "${name}" spreads itself.`);
    this.#entered.add(name);
    const measure = this.selection(
      definition.selectionSet,
      this.scale.schema.getType(definition.typeCondition.name.value),
    );
    this.#entered.delete(name);
    this.#measured.set(name, measure);
    return measure;
  }

  #field(node: FieldNode, parent: GraphQLNamedType | undefined): Measure {
    const field = fieldOf(parent, node.name.value);
    const type = field && getNamedType(field.type);
    const own =
      (type && isCompositeType(type) ? 1 : 0) +
      (this.scale.weights[`${parent?.name}.${node.name.value}`] ?? 0);
    if (!node.selectionSet) return { depth: 1, cost: own };
    const inner = this.selection(node.selectionSet, type);
    return { depth: 1 + inner.depth, cost: own + this.#itemsBelow(node, field, parent) * inner.cost };
  }

  #itemsBelow(
    node: FieldNode,
    field: GraphQLField<unknown, unknown> | undefined,
    parent: GraphQLNamedType | undefined,
  ): number {
    const declared = field?.args.find(({ name }) => name === 'first');
    if (declared) {
      const given = node.arguments?.find(({ name }) => name.value === 'first')?.value;
      const size = given ? this.#pageSize(given) : declared.defaultValue;
      return typeof size === 'number' && size >= 0 ? Math.min(size, MAX_PAGE) : MAX_PAGE;
    }
    // Below a connection the page size has been counted already.
    const isList = field !== undefined && isListType(getNullableType(field.type));
    return isList && !parent?.name.endsWith('Connection') ? ASSUMED_LENGTH : 1;
  }

  #pageSize(given: ValueNode): unknown {
    if (given.kind === Kind.INT) return Number(given.value);
    return given.kind === Kind.VARIABLE ? this.scale.variables[given.name.value] : undefined;
  }
}

function fieldOf(
  parent: GraphQLNamedType | undefined,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  return parent instanceof GraphQLObjectType || parent instanceof GraphQLInterfaceType
    ? parent.getFields()[name]
    : undefined;
}
