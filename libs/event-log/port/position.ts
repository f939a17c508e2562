import type { Position } from './event-log.js';

/** Log position as commit/prepare pair; written `C`, or `C/P` where the two differ. */
export function encodePosition(commit: bigint | number, prepare: bigint | number = commit): Position {
  const c = commit.toString();
  const p = prepare.toString();
  return (c === p ? c : `${c}/${p}`) as Position;
}

export function decodePosition(position: Position): { readonly commit: bigint; readonly prepare: bigint } {
  const [commit = '0', prepare = commit] = position.split('/');
  return { commit: BigInt(commit), prepare: BigInt(prepare) };
}

/** Negative, zero or positive as `a` comes before, at or after `b`. */
export function comparePositions(a: Position, b: Position): number {
  if (a === b) return 0;
  const left = decodePosition(a);
  const right = decodePosition(b);
  if (left.commit !== right.commit) return left.commit < right.commit ? -1 : 1;
  return left.prepare < right.prepare ? -1 : left.prepare > right.prepare ? 1 : 0;
}
