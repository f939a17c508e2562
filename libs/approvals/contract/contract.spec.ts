import { describe, expect, it } from '@jest/globals';
import type {
  ApprovalKind as DomainKind,
  ApprovalRefusal,
  RequestContent,
} from '../domain/approval/index.js';
import type {
  ApprovalKind,
  ApprovalRequest,
  ApprovalUseRejection,
  DecideApprovalRejection,
} from './index.js';

type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : false) : false;
type Code<Refusal extends { readonly code: string }> = Refusal['code'];

describe('the contract', () => {
  it('is what the domain knows: a difference does not compile', () => {
    const kinds: Same<ApprovalKind, DomainKind> = true;
    const refusals: Same<
      Code<ApprovalUseRejection> | Exclude<Code<DecideApprovalRejection>, 'FORBIDDEN'>,
      Exclude<Code<ApprovalRefusal>, 'APPROVAL_OF_ANOTHER_ACT'>
    > = true;
    const requests: Same<keyof RequestContent, keyof ApprovalRequest | 'payloadHash'> = true;
    expect([kinds, refusals, requests]).toEqual([true, true, true]);
  });
});
