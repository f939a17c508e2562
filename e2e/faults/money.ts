/** `"12.05"` → 1205; the harness's own reading, as a check on the product's. */
export function fenOf(amount: string): bigint {
  const match = /^(-?)(\d+)\.(\d{2})$/.exec(amount);
  if (!match) throw new Error(`"${amount}" is not an amount of CNY.`);
  return BigInt(`${match[1]}${match[2]}${match[3]}`);
}

/** 1205 → `{ amount: "12.05" }` */
export function yuan(fen: bigint): { readonly amount: string } {
  return { amount: `${fen / 100n}.${String(fen % 100n).padStart(2, '0')}` };
}
