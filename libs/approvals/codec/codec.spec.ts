import { fold } from '#libs/kernel/decider/index.js';
import { goldenSamples } from '#libs/testing/golden.js';
import { approvalDecider, type ApprovalEvent } from '../domain/approval/index.js';
import { approvalEvents } from './index.js';

goldenSamples(approvalEvents, { fold: (event) => fold(approvalDecider, [...before(event), event]) });

/** What must have happened before a sample of its own. */
function before({ type, data }: ApprovalEvent): readonly ApprovalEvent[] {
  const { approvalId, payloadHash } = data;
  if (type === 'ApprovalRequested') return [];
  const at = '2026-09-01T00:00:00.000Z' as never;
  const person = (name: string) => ({ accountId: name, personId: name });
  const about = { approvalId, payloadHash, kind: 'refund', subject: 'refund-1' } as const;
  const asked = { ...about, tenant: 'demo' as never, payload: {}, maker: person('maker'), reason: '' };
  const requested: ApprovalEvent = {
    type: 'ApprovalRequested',
    data: { ...asked, requestedAt: at, expiresAt: at },
  };
  if (type !== 'ApprovalUsed') return [requested];
  const decision = { ...about, checker: person('checker'), comment: '', decidedAt: at };
  return [requested, { type: 'ApprovalGranted', data: decision }];
}
