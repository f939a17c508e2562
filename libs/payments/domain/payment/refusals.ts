import { reject } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';

type Refused<Code extends string> = { readonly accepted: false; readonly rejection: Rejection<Code> };

export function notFound(): Refused<'PAYMENT_NOT_FOUND'> {
  return reject({ code: 'PAYMENT_NOT_FOUND' as const, message: 'There is no such payment.' });
}

export function ended(message: string): Refused<'PAYMENT_ENDED'> {
  return reject({ code: 'PAYMENT_ENDED' as const, message });
}
