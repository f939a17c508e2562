import { describe, expect, it } from '@jest/globals';
import { NotYetPossible } from '#libs/event-log/consumers/types.js';
import { asId } from '#libs/kernel/ids/index.js';
import { custodyNode, custodyPlatform } from '#libs/testing/custody-fixture.js';
import { fen, TENANT } from '#libs/testing/payment-world.js';
import { deliver, type PayoutParts } from './deliver.js';
import type { Payout } from './payout.js';

const PAYOUT: Payout = {
  contractId: asId('00000000-0000-8000-8000-000000000001'),
  tenant: TENANT,
  organisationId: undefined,
  payoutId: 'k1:grant:100',
  role: 'fund',
  amount: fen(100),
  destination: { kind: 'contract', contractId: asId('00000000-0000-8000-8000-000000000002') },
  correlationId: 'correlation-1',
  causationId: 'cause-1',
};

describe('a payout to a contract whose last event is ahead of this process’s clock', () => {
  it('is tried again, and not handed to a person as undeliverable', async () => {
    const world = custodyPlatform();
    const node = custodyNode(world);
    let opened = 0;
    const answers = ['CLOCK_REGRESSION', 'CONTRACT_CLOSED'] as const;
    const told: unknown[] = [];
    for (const code of answers) {
      const parts: PayoutParts = {
        store: node.payments.store,
        runtime: world.runtime,
        contracts: { act: () => Promise.resolve({ accepted: false, rejection: { code, message: code } }) },
        cases: {
          open: () => {
            opened += 1;
            return Promise.resolve();
          },
        },
        finishRefund: () => Promise.resolve(),
      };
      told.push(await deliver(parts, PAYOUT).catch((error: unknown) => error instanceof NotYetPossible));
      told.push(opened);
    }
    expect(told).toEqual([true, 0, undefined, 1]);
  });
});
