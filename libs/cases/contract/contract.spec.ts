import { describe, expect, it } from '@jest/globals';
import type { Command } from '@nestjs/cqrs';
import type {
  CaseKind as DomainKind,
  CasePriority as DomainPriority,
  CaseRefusal,
} from '../domain/case/index.js';
import type { AssignCase, CaseKind, CasePriority, NoteCase, ReopenCase, ResolveCase } from './index.js';

type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : false) : false;
type Refusal<Act> =
  Act extends Command<infer Result>
    ? Result extends { readonly accepted: false; readonly rejection: { readonly code: infer Code } }
      ? Code
      : never
    : never;

describe('the contract', () => {
  it('is what the domain knows: a difference does not compile', () => {
    const kinds: Same<CaseKind, DomainKind> = true;
    const priorities: Same<CasePriority, DomainPriority> = true;
    const refusals: Same<
      Exclude<Refusal<AssignCase | NoteCase | ResolveCase | ReopenCase>, 'FORBIDDEN'>,
      CaseRefusal['code']
    > = true;
    expect([kinds, priorities, refusals]).toEqual([true, true, true]);
  });
});
