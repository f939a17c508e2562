/** A business refusal: a fact stated as a value, never thrown. `code` is stable and part of the public schema. */
export interface Rejection<Code extends string = string> {
  readonly code: Code;
  /** English sentence for logs and developers; user-facing text is looked up by `code` in i18n. */
  readonly message: string;
  /** Where in the input the fault lies, e.g. `['input', 'amount']`. */
  readonly path?: readonly string[];
  /** Figures a client needs to explain the refusal; never personal data. */
  readonly details?: Readonly<Record<string, string>>;
}

/** The recorded history could not have been written by this decider: a bug or a damaged log, never a user's fault. */
export class ImpossibleHistoryError extends Error {
  override readonly name = 'ImpossibleHistoryError';
}

/** An input from outside does not meet its schema. `code` is stable; `path` names the field. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';
  constructor(
    readonly code: string,
    message: string,
    readonly path: readonly string[] = [],
  ) {
    super(message);
  }
}

/** Closes an exhaustive `switch`: the compiler refuses a forgotten case, the runtime refuses a foreign value. */
export function assertNever(value: never, what = 'case'): never {
  // Amounts are bigint, which JSON does not know.
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));
  throw new ImpossibleHistoryError(`Unexpected ${what}: ${text}`);
}

/** What an application service answers: the value, or the rejection the caller must explain. */
export type Outcome<Value, Refusal extends Rejection = Rejection> =
  | { readonly accepted: true; readonly value: Value }
  | { readonly accepted: false; readonly rejection: Refusal };
