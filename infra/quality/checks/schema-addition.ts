type Node = Readonly<Record<string, unknown>>;

/**
 * Whether the newer schema differs from the older one by optional properties alone, at any depth: every other keyword is
 * the same, so that whatever met the older one meets the newer one and still means the same.
 */
export function isAddition(older: unknown, newer: unknown): boolean {
  if (Array.isArray(older) && Array.isArray(newer)) {
    return older.length === newer.length && older.every((item, index) => isAddition(item, newer[index]));
  }
  if (!isNode(older) || !isNode(newer)) return older === newer;
  const names = new Set([...Object.keys(older), ...Object.keys(newer)]);
  return [...names].every((name) =>
    name === 'properties' && isNode(older[name]) && isNode(newer[name])
      ? onlyOptionalAdded(older[name], newer[name], newer)
      : name in older && name in newer && isAddition(older[name], newer[name]),
  );
}

function onlyOptionalAdded(older: Node, newer: Node, owner: Node): boolean {
  const required: readonly unknown[] = Array.isArray(owner['required']) ? owner['required'] : [];
  const kept = Object.keys(older).every((name) => name in newer && isAddition(older[name], newer[name]));
  return kept && Object.keys(newer).every((name) => name in older || !required.includes(name));
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
