import { createHash, createHmac } from 'node:crypto';
import { holds } from '../money-core/holds.js';
import type { Money } from '../money-core/money.js';

/** What the platform publishes of a draw. */
export interface Draw {
  readonly lotteryId: string;
  readonly commitment: string;
  readonly seed: string;
  readonly digest: string;
  readonly signUpCount: number;
  readonly winners: number;
  readonly signUps: {
    readonly nodes: readonly {
      readonly number: number;
      readonly signUpId: string;
      readonly rank: number | null;
      readonly amount: Money | null;
    }[];
  };
}

/** As a stranger would, with nothing but what is published and the rule in the schema. @throws NotAsItShouldBe */
export function checkDraw(draw: Draw, commitmentBefore: string): void {
  const seed = Buffer.from(draw.seed, 'hex');
  holds('the commitment', draw.commitment, commitmentBefore);
  holds('hash of the seed', createHash('sha256').update(seed).digest('hex'), commitmentBefore);
  const { nodes } = draw.signUps;
  holds('sign-ups', nodes.length, draw.signUpCount);
  const ids = nodes.map(({ signUpId }) => `${signUpId}\n`).join('');
  holds('digest of the sign-ups', createHash('sha256').update(ids).digest('hex'), draw.digest);
  const ticket = (signUpId: string): string =>
    createHmac('sha256', seed).update(`draw\n${draw.lotteryId}\n${signUpId}`).digest('hex');
  const inOrder = [...nodes].sort((a, b) => (ticket(a.signUpId) < ticket(b.signUpId) ? -1 : 1));
  for (const [index, { signUpId, rank }] of inOrder.entries()) {
    holds(`rank of ${signUpId}`, rank, index < draw.winners ? index + 1 : null);
  }
}
