/**
 * An immutable map from ids to numbers that stays cheap when it is large: adding copies a handful of small arrays instead
 * of the whole map. A receipt book of a busy organisation remembers hundreds of thousands of payments; a copied `Map`
 * would make each receipt dearer than the one before.
 */
export interface IdTrie {
  readonly root: Node;
  readonly size: number;
}

interface Leaf {
  readonly id: string;
  readonly value: number;
  /** Ids that no character tells apart by its place; does not happen with UUIDs. */
  readonly next?: Leaf;
}

/** A slot for each place that a character can have, and one for ids that end here. */
type Node = readonly (Node | Leaf | undefined)[];

const PLACES = 16;
const END = PLACES;
const EMPTY: Node = Array.from({ length: PLACES + 1 }, () => undefined);

export const emptyTrie: IdTrie = { root: EMPTY, size: 0 };

export function find(trie: IdTrie, id: string): number | undefined {
  let slot: Node | Leaf | undefined = trie.root;
  for (let depth = 0; isNode(slot); depth += 1) slot = slot[place(id, depth)];
  for (; slot; slot = slot.next) if (slot.id === id) return slot.value;
  return undefined;
}

/** The id must not be in the map. */
export function add(trie: IdTrie, id: string, value: number): IdTrie {
  return { root: insert(trie.root, 0, { id, value }), size: trie.size + 1 };
}

function insert(node: Node, depth: number, leaf: Leaf): Node {
  const at = place(leaf.id, depth);
  const there = node[at];
  const copy = node.slice();
  if (there === undefined) copy[at] = leaf;
  else if (isNode(there)) copy[at] = insert(there, depth + 1, leaf);
  else if (at === END) copy[at] = { ...leaf, next: there };
  else copy[at] = insert(insert(EMPTY, depth + 1, there), depth + 1, leaf);
  return copy;
}

/** Hexadecimal digits of a UUID fall into sixteen different places; any other text is merely less well spread. */
function place(id: string, depth: number): number {
  if (depth >= id.length) return END;
  const code = id.charCodeAt(depth);
  return (code > 96 ? code - 87 : code) & (PLACES - 1);
}

function isNode(slot: Node | Leaf | undefined): slot is Node {
  return Array.isArray(slot);
}
