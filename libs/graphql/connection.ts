import type { Page, PageRequest } from '#libs/views/port/index.js';
import { badInput } from './errors.js';

/** Largest page a client may ask for; also what the cost limit assumes when `first` is a variable. */
export const MAX_PAGE = 250;

/** @throws GraphQLError `INVALID_PAGE` when `first` is not 1 to 250 */
export function readPage(args: { readonly first: number; readonly after?: string | null }): PageRequest {
  if (args.first < 1 || args.first > MAX_PAGE)
    throw badInput('INVALID_PAGE', `first is 1 to ${MAX_PAGE}.`, ['first']);
  return args.after === null || args.after === undefined
    ? { first: args.first }
    : { first: args.first, after: args.after };
}

export interface Connection<Item> {
  readonly edges: readonly { readonly cursor: string; readonly node: Item }[];
  readonly nodes: readonly Item[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | undefined;
    readonly endCursor: string | undefined;
  };
  readonly totalCount: number | undefined;
}

/** A page of a query as a Relay connection. */
export function connectionOf<Item>(page: Page<Item>, request: PageRequest): Connection<Item> {
  return {
    edges: page.items.map(({ cursor, item }) => ({ cursor, node: item })),
    nodes: page.items.map(({ item }) => item),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: request.after !== undefined,
      startCursor: page.items[0]?.cursor,
      endCursor: page.items.at(-1)?.cursor,
    },
    totalCount: page.totalCount,
  };
}
