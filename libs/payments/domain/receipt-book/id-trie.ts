/**
 * An immutable map from ids to values that stays cheap when it is large: adding copies a handful of small arrays instead
 * of the whole map. A receipt book of a busy organisation remembers hundreds of thousands of payments; a copied `Map`
 * would make each receipt dearer than the one before.
 */
export interface IdTrie<Value = number> {
  readonly root: Node<Value>;
  readonly size: number;
}

interface Leaf<Value> {
  readonly id: string;
  readonly value: Value;
  /** Ids that no character tells apart by its place; does not happen with UUIDs. */
  readonly next?: Leaf<Value>;
}

/** A slot for each place that a character can have, and one for ids that end here. */
type Node<Value> = readonly (Node<Value> | Leaf<Value> | undefined)[];

const PLACES = 16;
const END = PLACES;
const EMPTY: Node<never> = Array.from({ length: PLACES + 1 }, () => undefined);

export const emptyTrie: IdTrie = { root: EMPTY, size: 0 };

/** The same for values of another kind. */
export function emptyTrieOf<Value>(): IdTrie<Value> {
  return { root: EMPTY, size: 0 };
}

export function find<Value>(trie: IdTrie<Value>, id: string): Value | undefined {
  let slot: Node<Value> | Leaf<Value> | undefined = trie.root;
  for (let depth = 0; isNode(slot); depth += 1) slot = slot[place(id, depth)];
  for (; slot; slot = slot.next) if (slot.id === id) return slot.value;
  return undefined;
}

/** The id must not be in the map. */
export function add<Value>(trie: IdTrie<Value>, id: string, value: Value): IdTrie<Value> {
  return { root: insert(trie.root, 0, { id, value }), size: trie.size + 1 };
}

function insert<Value>(node: Node<Value>, depth: number, leaf: Leaf<Value>): Node<Value> {
  const at = place(leaf.id, depth);
  const there = node[at];
  const copy = node.slice();
  if (there === undefined) copy[at] = leaf;
  else if (isNode(there)) copy[at] = insert(there, depth + 1, leaf);
  else if (at === END) copy[at] = { ...leaf, next: there };
  else copy[at] = insert(insert<Value>(EMPTY, depth + 1, there), depth + 1, leaf);
  return copy;
}

/** Hexadecimal digits of a UUID fall into sixteen different places; any other text is merely less well spread. */
function place(id: string, depth: number): number {
  if (depth >= id.length) return END;
  const code = id.charCodeAt(depth);
  return (code > 96 ? code - 87 : code) & (PLACES - 1);
}

function isNode<Value>(slot: Node<Value> | Leaf<Value> | undefined): slot is Node<Value> {
  return Array.isArray(slot);
}
