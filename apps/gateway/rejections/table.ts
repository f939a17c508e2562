import type { Command } from '@nestjs/cqrs';
import type { Rejection } from '#libs/kernel/errors/index.js';

type RefusalIn<Result> = Result extends {
  readonly accepted: false;
  readonly rejection: infer Refusal extends Rejection;
}
  ? Refusal['code']
  : never;

/** The codes a command can be refused with, from its contract. */
type RejectionCodeOf<C> = C extends Command<infer Result> ? RefusalIn<Result> : never;

/** Forces the table to name every code of the command and no other. */
export function codes<C>(table: Readonly<Record<RejectionCodeOf<C>, true>>): readonly RejectionCodeOf<C>[] {
  return Object.keys(table) as RejectionCodeOf<C>[];
}
