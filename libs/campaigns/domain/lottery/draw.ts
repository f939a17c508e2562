import type { LotteryHash } from './hash.js';
import { amountsOf, awardsOf, type AwardAmounts } from './shares.js';

/**
 * The draw, so that anybody can compute it again:
 *
 * 1. Before anybody can sign up, the SHA-256 of a secret seed of 32 random bytes is published: the commitment.
 * 2. Once the window has closed the seed is revealed. Every sign-up has the ticket
 *    HMAC-SHA-256(key: the seed's bytes, text: `draw`, line feed, campaign id, line feed, sign-up id).
 * 3. The lowest ticket (as a hexadecimal text) has rank 1, the next rank 2 …; equal tickets by sign-up id. The first ranks win, as
 *    many as there are awards; rank n gets the nth amount of `amountsOf`.
 *
 * A ticket depends on the seed and the one sign-up only, so nobody's chance depends on when or after whom they signed up.
 */
export interface Draw {
  readonly campaignId: string;
  /** 32 bytes, hex. */
  readonly seed: string;
  /** In order of signing up. */
  readonly signUpIds: readonly string[];
  readonly award: AwardAmounts;
}

export interface DrawnPlace {
  /** From 1. */
  readonly rank: number;
  readonly signUpId: string;
  /** Minor units. */
  readonly amount: bigint;
}

export interface Ticket {
  readonly signUpId: string;
  /** Hex. */
  readonly ticket: string;
}

/** The winners in order of rank: at most one award for each sign-up, no more awards than there are. */
export function winnersOf(draw: Draw, hash: LotteryHash): readonly DrawnPlace[] {
  return winnersAmong(draw, ticketsOf(draw, draw.signUpIds, hash), hash);
}

/** Some microseconds for each sign-up. */
export function ticketsOf(
  { campaignId, seed }: Pick<Draw, 'campaignId' | 'seed'>,
  signUpIds: readonly string[],
  hash: LotteryHash,
): readonly Ticket[] {
  return signUpIds.map((signUpId) => ({
    signUpId,
    ticket: hash.hmac(seed, `draw\n${campaignId}\n${signUpId}`),
  }));
}

export function winnersAmong(
  { campaignId, seed, award }: Omit<Draw, 'signUpIds'>,
  tickets: readonly Ticket[],
  hash: LotteryHash,
): readonly DrawnPlace[] {
  const ranked = tickets.toSorted((a, b) => order(a.ticket, b.ticket) || order(a.signUpId, b.signUpId));
  const amounts = amountsOf(award, { campaignId, seed }, hash);
  return ranked.slice(0, awardsOf(award)).map(({ signUpId }, index) => ({
    rank: index + 1,
    signUpId,
    amount: amounts[index]!,
  }));
}

/** SHA-256, hex, of the sign-up ids in order, each followed by a line feed: names exactly who took part. */
export function signUpsDigest(signUpIds: readonly string[], hash: LotteryHash): string {
  return hash.sha256OfText(signUpIds.map((signUpId) => `${signUpId}\n`).join(''));
}

export function commitmentOf(seed: string, hash: LotteryHash): string {
  return hash.sha256OfBytes(seed);
}

/** What has been published of a draw. */
export interface PublishedDraw extends Draw {
  readonly commitment: string;
  readonly digest: string;
  readonly winners: readonly DrawnPlace[];
}

export type DrawFault =
  /** The seed is not the one that was committed to. */
  | 'COMMITMENT'
  /** These are not the sign-ups that the draw was over. */
  | 'SIGN_UPS'
  /** Somebody is among them twice. */
  | 'SIGNED_UP_TWICE'
  /** Seed and sign-ups give other winners or amounts. */
  | 'WINNERS';

/** Whether the winners are those of the seed, the sign-ups and the rules; needs nothing but what has been published. */
export function faultsOfDraw(published: PublishedDraw, hash: LotteryHash): readonly DrawFault[] {
  const { seed, commitment, signUpIds, digest, winners } = published;
  const faults: DrawFault[] = [];
  if (commitmentOf(seed, hash) !== commitment) faults.push('COMMITMENT');
  if (signUpsDigest(signUpIds, hash) !== digest) faults.push('SIGN_UPS');
  if (new Set(signUpIds).size !== signUpIds.length) faults.push('SIGNED_UP_TWICE');
  const due = winnersOf(published, hash);
  const same =
    due.length === winners.length &&
    due.every(({ rank, signUpId, amount }, index) => {
      const said = winners[index]!;
      return said.rank === rank && said.signUpId === signUpId && said.amount === amount;
    });
  if (!same) faults.push('WINNERS');
  return faults;
}

/** Not by locale: the order must be the same on every machine. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
