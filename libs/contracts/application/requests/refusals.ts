import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';

/** What every act of a party can be refused with. */
export const ANY_ACT = {
  FORBIDDEN: true,
  IDEMPOTENCY_CONFLICT: true,
  CONTRACT_NOT_FOUND: true,
  NOT_AUTHORISED: true,
  CLOCK_REGRESSION: true,
} as const;

/** What an act on a contract in force can be refused with beside. */
export const IN_FORCE = {
  CONTRACT_NOT_ACTIVE: true,
  CONTRACT_FROZEN: true,
  CONTRACT_CLOSING: true,
  CONTRACT_CLOSED: true,
} as const;

/** For acts that cannot be refused with some of the contract's codes: one of those is a fault of ours. */
export function onlyRefusedWith<Value, Code extends string>(
  outcome: Outcome<Value>,
  codes: Readonly<Record<Code, true>>,
): Outcome<Value, Rejection<Code>> {
  if (outcome.accepted) return outcome;
  const { rejection } = outcome;
  if (!hasCode(rejection, codes)) {
    throw new Error(`An act on a contract was refused with ${rejection.code}: ${rejection.message}`);
  }
  return { accepted: false, rejection };
}

function hasCode<Code extends string>(
  rejection: Rejection,
  codes: Readonly<Record<Code, true>>,
): rejection is Rejection<Code> {
  return Object.hasOwn(codes, rejection.code);
}

export function refused<Code extends string>(code: Code, message: string, path?: readonly string[]) {
  const rejection: Rejection<Code> = path === undefined ? { code, message } : { code, message, path };
  return { accepted: false, rejection } as const;
}

/** The same for what does not exist and for what is somebody else's. */
export const noSuchContract = () => refused('CONTRACT_NOT_FOUND', 'There is no such contract.');
