import type { EventToAppend } from '#libs/event-log/port/index.js';
import type { Ids } from '#libs/runtime/port/index.js';

/** About 400 bytes of data and metadata as JSON, as a bill's first event has them. */
export function sampleEvent(ids: Ids): EventToAppend {
  const id = ids.next();
  return {
    id,
    type: 'BillIssued.v1',
    data: {
      student: '20260001',
      feeItem: 'tuition',
      amount: { asset: 'CNY/2', amount: '140950' },
      dueDate: '2026-09-30',
      term: '2026-1',
    },
    metadata: {
      commandId: id,
      correlationId: id,
      actor: 'bursar',
      tenant: 'school-1',
      at: '2026-09-01T00:00:00.000Z',
      hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    },
  };
}
