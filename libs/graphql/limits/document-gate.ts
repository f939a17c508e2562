import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, visit } from 'graphql';
import { RecentlyUsed } from '#libs/cache/lru/index.js';
import { protocolError } from '../errors.js';
import { measureCost } from './cost.js';
import { isCleanText } from './json-text.js';

export interface DocumentLimits {
  /** Of the document's text. */
  readonly characters: number;
  readonly tokens: number;
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly operations: number;
  /** Objects that a document may make the service produce, see `measureCost`. */
  readonly cost: number;
}

/** The largest document of our own user interfaces uses less than half of each. */
export const DEFAULT_LIMITS: DocumentLimits = {
  characters: 32_768,
  tokens: 2_000,
  depth: 12,
  aliases: 30,
  directives: 30,
  operations: 20,
  cost: 10_000,
};

/** Characters of admitted documents remembered, so that a document in use is measured once. */
const MEMORY_CHARACTERS = 4_000_000;

/**
 * Measures documents before anything expensive is done with them: validation against the schema is quadratic in the
 * number of fields, so an oversized document must not even get there.
 */
export class DocumentGate {
  readonly #admitted = new RecentlyUsed<true>(MEMORY_CHARACTERS);

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly limits: DocumentLimits = DEFAULT_LIMITS,
    /** Extra cost of single fields, by `Type.field`. */
    private readonly weights: Readonly<Record<string, number>> = {},
  ) {}

  /**
   * @param variables only page sizes are looked at
   * @throws GraphQLError `GRAPHQL_PARSE_FAILED`, `DOCUMENT_TOO_COMPLEX` (with `limit`), `BAD_REQUEST`
   */
  admit(source: string, variables: Readonly<Record<string, unknown>> = {}): void {
    if (this.#admitted.get(source)) return;
    if (source.length > this.limits.characters) this.#refuse('characters');
    const document = this.#parse(source);
    this.#countNodes(document);
    const { schema, weights, limits } = this;
    const { depth, cost } = measureCost(document, { schema, weights, variables: {} });
    if (depth > limits.depth) this.#refuse('depth');
    if (cost <= limits.cost) {
      this.#admitted.set(source, true, source.length);
    } else if (measureCost(document, { schema, weights, variables }).cost > limits.cost) {
      this.#refuse('cost');
    }
  }

  #parse(source: string): DocumentNode {
    try {
      return parse(source, { maxTokens: this.limits.tokens, noLocation: true });
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      if (/ \d+ tokens/.test(error.message)) this.#refuse('tokens');
      throw new GraphQLError(error.message, {
        source: error.source,
        positions: error.positions,
        extensions: { code: 'GRAPHQL_PARSE_FAILED', http: { status: 400 } },
      });
    }
  }

  #countNodes(document: DocumentNode): void {
    let aliases = 0;
    let directives = 0;
    let operations = 0;
    visit(document, {
      OperationDefinition: () => void (operations += 1),
      Field: (node) => void (aliases += node.alias ? 1 : 0),
      Directive: () => void (directives += 1),
      StringValue: (node) => {
        if (!isCleanText(node.value))
          throw protocolError('BAD_REQUEST', 'Text contains NUL or a lone surrogate.', {
            reason: 'INVALID_TEXT',
          });
      },
    });
    if (operations > this.limits.operations) this.#refuse('operations');
    if (aliases > this.limits.aliases) this.#refuse('aliases');
    if (directives > this.limits.directives) this.#refuse('directives');
  }

  #refuse(limit: keyof DocumentLimits): never {
    throw protocolError(
      'DOCUMENT_TOO_COMPLEX',
      `The document exceeds the limit of ${this.limits[limit]} ${limit}.`,
      {
        limit,
        allowed: this.limits[limit],
      },
    );
  }
}
