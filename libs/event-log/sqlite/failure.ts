/** Errors on their way between the workers and the calling thread: structured cloning would strip class and fields. */
import { LogDamaged, LogUnavailable } from '#libs/event-log/port/index.js';

export type Failure =
  | { readonly kind: 'damaged'; readonly place: string; readonly reason: string }
  | { readonly kind: 'unavailable'; readonly message: string }
  | { readonly kind: 'unusable'; readonly message: string };

/** The file cannot be opened at all: of another program, of a newer version, or in use by another process. */
export class LogFileUnusable extends Error {
  override readonly name = 'LogFileUnusable';
}

/** SQLite's primary result codes (https://sqlite.org/rescode.html). */
export const SQLITE_BUSY = 5;
export const SQLITE_CORRUPT = 11;
export const SQLITE_NOTADB = 26;

/** The primary result code of an error thrown by node:sqlite, undefined for any other error. */
export function sqliteCodeOf(error: unknown): number | undefined {
  // No instanceof: an error of node:sqlite may come from another realm.
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

export function failureOf(error: unknown, place: string): Failure {
  if (error instanceof LogDamaged) return { kind: 'damaged', place: error.place, reason: error.reason };
  if (error instanceof LogFileUnusable) return { kind: 'unusable', message: error.message };
  const message =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
  const code = sqliteCodeOf(error);
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) return { kind: 'damaged', place, reason: message };
  return { kind: 'unavailable', message: `${place}: ${message}` };
}

export function errorOf(failure: Failure): Error {
  switch (failure.kind) {
    case 'damaged':
      return new LogDamaged(failure.place, failure.reason);
    case 'unavailable':
      return new LogUnavailable(failure.message);
    case 'unusable':
      return new LogFileUnusable(failure.message);
    default:
      return failure satisfies never;
  }
}
