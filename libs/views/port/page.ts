/** Keyset pagination: a page starts after an opaque cursor, so that inserts never shift or repeat rows. */
export interface PageRequest {
  /** 1 to 250. */
  readonly first: number;
  readonly after?: string;
  /** `false` leaves `totalCount` out, for callers that walk over every page. */
  readonly count?: false;
}

export interface Page<Item> {
  readonly items: readonly { readonly cursor: string; readonly item: Item }[];
  readonly hasNextPage: boolean;
  /** Absent when counting would cost more than the page. */
  readonly totalCount?: number;
}
