import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';

export type Refused<Code extends string> = {
  readonly accepted: false;
  readonly rejection: Rejection<Code>;
};

export function refused<Code extends string>(code: Code, message: string): Refused<Code> {
  return { accepted: false, rejection: { code, message } };
}

/**
 * The rejection as one of those that the act may answer with.
 *
 * @throws Error for any other: it could not have happened
 */
export function narrow<Code extends string>(
  rejection: Rejection,
  codes: readonly Code[],
): { readonly accepted: false; readonly rejection: Rejection<Code> } {
  const code = codes.find((known) => known === rejection.code);
  if (code === undefined) throw new Error(`Refused with ${rejection.code}: ${rejection.message}`);
  return { accepted: false, rejection: { ...rejection, code } };
}

export type Answer<Value> = Outcome<Value, Rejection>;
