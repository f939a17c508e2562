import { createHash, createHmac } from 'node:crypto';
import {
  faultsOfDraw,
  type DrawFault,
  type LotteryHash,
  type PublishedDraw,
} from '../domain/lottery/index.js';

export type { AwardAmounts, DrawFault, DrawnPlace, PublishedDraw } from '../domain/lottery/index.js';

export const LOTTERY_HASH: LotteryHash = {
  hmac: (keyHex, text) => createHmac('sha256', Buffer.from(keyHex, 'hex')).update(text, 'utf8').digest('hex'),
  sha256OfBytes: (hex) => createHash('sha256').update(hex, 'hex').digest('hex'),
  sha256OfText: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
};

/**
 * Computes a draw again from what has been published of it; no faults: it was honest. How a draw goes is written down at
 * `Draw` (libs/campaigns/domain/lottery/draw.ts).
 */
export function verifyDraw(published: PublishedDraw): readonly DrawFault[] {
  return faultsOfDraw(published, LOTTERY_HASH);
}
