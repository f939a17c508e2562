/**
 * An immutable map ordered by its text keys, which stays cheap when it is large: a change copies the handful of nodes on the
 * way to it (weight-balanced tree, Adams 1992 with the parameters of Hirai and Yamamoto 2011) and leaves earlier versions as
 * they were. Keys compare by UTF-16 code units, as instants of fixed width and padded numbers need it.
 */
export type SortedMap<Value> = Node<Value> | null;

interface Node<Value> {
  readonly key: string;
  readonly value: Value;
  readonly size: number;
  readonly left: SortedMap<Value>;
  readonly right: SortedMap<Value>;
}

/** No side may weigh more than three times the other. */
const MOST_WEIGHT = 3;
const SINGLE_TURN = 2;

export function sizeOf(map: SortedMap<unknown>): number {
  return map === null ? 0 : map.size;
}

export function get<Value>(map: SortedMap<Value>, key: string): Value | undefined {
  let node = map;
  while (node !== null) {
    if (key === node.key) return node.value;
    node = key < node.key ? node.left : node.right;
  }
  return undefined;
}

/** Adds the key or replaces its value. */
export function set<Value>(map: SortedMap<Value>, key: string, value: Value): Node<Value> {
  if (map === null) return { key, value, size: 1, left: null, right: null };
  if (key === map.key) return { ...map, value };
  return key < map.key
    ? balanced(map, set(map.left, key, value), map.right)
    : balanced(map, map.left, set(map.right, key, value));
}

/** The map without the key; the same map where the key is not in it. */
export function remove<Value>(map: SortedMap<Value>, key: string): SortedMap<Value> {
  if (map === null) return null;
  if (key === map.key) return glued(map.left, map.right);
  if (key < map.key) {
    const left = remove(map.left, key);
    return left === map.left ? map : balanced(map, left, map.right);
  }
  const right = remove(map.right, key);
  return right === map.right ? map : balanced(map, map.left, right);
}

/** The entry with the lowest key. */
export function first<Value>(
  map: SortedMap<Value>,
): { readonly key: string; readonly value: Value } | undefined {
  if (map === null) return undefined;
  let node = map;
  while (node.left !== null) node = node.left;
  return node;
}

/** Values by rising key. */
export function* valuesOf<Value>(map: SortedMap<Value>): Generator<Value> {
  if (map === null) return;
  yield* valuesOf(map.left);
  yield map.value;
  yield* valuesOf(map.right);
}

function node<Value>(
  { key, value }: { readonly key: string; readonly value: Value },
  left: SortedMap<Value>,
  right: SortedMap<Value>,
): Node<Value> {
  return { key, value, size: sizeOf(left) + sizeOf(right) + 1, left, right };
}

function balanced<Value>(entry: Node<Value>, left: SortedMap<Value>, right: SortedMap<Value>): Node<Value> {
  const leftWeight = sizeOf(left) + 1;
  const rightWeight = sizeOf(right) + 1;
  if (right !== null && rightWeight > MOST_WEIGHT * leftWeight) {
    if (sizeOf(right.left) + 1 < SINGLE_TURN * (sizeOf(right.right) + 1)) {
      return node(right, node(entry, left, right.left), right.right);
    }
    const middle = right.left!;
    return node(middle, node(entry, left, middle.left), node(right, middle.right, right.right));
  }
  if (left !== null && leftWeight > MOST_WEIGHT * rightWeight) {
    if (sizeOf(left.right) + 1 < SINGLE_TURN * (sizeOf(left.left) + 1)) {
      return node(left, left.left, node(entry, left.right, right));
    }
    const middle = left.right!;
    return node(middle, node(left, left.left, middle.left), node(entry, middle.right, right));
  }
  return node(entry, left, right);
}

/** Joins what is left and right of a removed entry. */
function glued<Value>(left: SortedMap<Value>, right: SortedMap<Value>): SortedMap<Value> {
  if (left === null) return right;
  if (right === null) return left;
  const next = first(right)!;
  return balanced(next as Node<Value>, left, remove(right, next.key));
}
