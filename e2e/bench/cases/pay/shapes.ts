import type { BillId, WalletId } from '#libs/kernel/ids/index.js';
import { BILL_FEN } from '../../servers/product/bills.js';
import { byWallet, type MethodAsked, payBody } from '../../servers/product/pay-bodies.js';

/** What the payments of a lane look like. */
export interface Shape {
  /** Also the name of its lane over the product. */
  readonly name: string;
  readonly payments: number;
  readonly organisations: number;
  readonly inFlight: number;
  /** Bills of one organisation in one payment; default 1. */
  readonly billsEach?: number;
  /** So many payments, of equal amounts, pay one bill; default 1. */
  readonly parts?: number;
  readonly operator?: boolean;
  /** Every request is sent twice with the same key. */
  readonly twice?: boolean;
}

export interface Size {
  /** Of the lanes that have always been there, and of `twice`, which is held against them. */
  readonly payments: number;
  /** Of every other lane: many lanes, and each run should end within some seconds. */
  readonly fewer: number;
  readonly organisations: number;
  readonly wallets: number;
}

export const FULL: Size = { payments: 4_000, fewer: 1_600, organisations: 64, wallets: 1_024 };
export const QUICK: Size = { payments: 48, fewer: 16, organisations: 4, wallets: 16 };

export const BILLS_EACH = 5;
export const WIDTHS = [64, 256] as const;

export function shapesOf({ payments, fewer, organisations }: Size): readonly Shape[] {
  const once = { payments, organisations, inFlight: 64 };
  return [
    { ...once, name: 'spread' },
    { ...once, name: 'hot', organisations: 1 },
    { ...once, name: 'twice', twice: true },
    { ...once, name: 'spread, 256 in flight', payments: fewer, inFlight: 256 },
    ...WIDTHS.flatMap((inFlight): readonly Shape[] => {
      const shape = { payments: fewer, organisations, inFlight };
      return [
        { ...shape, name: `operator, ${inFlight} in flight`, operator: true },
        { ...shape, name: `${BILLS_EACH} bills, ${inFlight} in flight`, billsEach: BILLS_EACH },
        { ...shape, name: `in two parts, ${inFlight} in flight`, parts: 2 },
      ];
    }),
  ];
}

/** How many bills the shape's payments need. */
export function billsFor({ payments, billsEach = 1, parts = 1 }: Shape): number {
  return (payments * billsEach) / parts;
}

/** The requests, in the order in which they are sent. @param bills dealt out to the organisations in turn */
export function bodiesOf(
  shape: Shape,
  bills: readonly BillId[],
  wallets: readonly WalletId[],
): readonly string[] {
  const { billsEach = 1, parts = 1, operator = false, twice = false, inFlight } = shape;
  const groups = groupsOf(bills, shape.organisations, billsEach);
  const fen = BILL_FEN / BigInt(parts);
  const bodies = Array.from({ length: parts }, (_, part) =>
    groups.map((group, index) =>
      payBody({
        key: `${group[0] ?? ''}-${part}`,
        bills: group.map((billId) => (parts === 1 ? { billId } : { billId, fen })),
        totalFen: fen * BigInt(group.length),
        method: methodOf(operator, wallets[index % wallets.length]),
      }),
    ),
  ).flat();
  return twice ? eachTwice(bodies, inFlight) : bodies;
}

function methodOf(operator: boolean, walletId: WalletId | undefined): MethodAsked {
  if (operator) return { operator: { payerToken: 'bench-account' } };
  if (!walletId) throw new Error('There are no wallets to pay from.');
  return byWallet(walletId);
}

/** Bills of the same organisation, so many in each group; the groups go through the organisations in turn. */
function groupsOf(
  bills: readonly BillId[],
  organisations: number,
  size: number,
): readonly (readonly BillId[])[] {
  return Array.from({ length: bills.length / size }, (_, group) => {
    const organisation = group % organisations;
    const first = Math.floor(group / organisations) * size;
    return Array.from({ length: size }, (_row, row) => bills[organisation + (first + row) * organisations]!);
  });
}

/**
 * Every third request is followed by its repetition at once, so that both are under way together; the others are repeated
 * after more other requests than can be under way.
 */
export function eachTwice(bodies: readonly string[], inFlight: number): readonly string[] {
  const sent: string[] = [];
  const stride = 3 * inFlight;
  for (let start = 0; start < bodies.length; start += stride) {
    const chunk = bodies.slice(start, start + stride);
    sent.push(...chunk.flatMap((body, index) => (index % 3 === 0 ? [body, body] : [body])));
    sent.push(...chunk.filter((_, index) => index % 3 !== 0));
  }
  return sent;
}
