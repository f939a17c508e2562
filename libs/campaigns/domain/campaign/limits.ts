/** Limits of a campaign; they bound its stream, its state in memory and the events of its draw. */

/** Longest name, UTF-16 code units. */
export const LONGEST_NAME = 100;
/** 200 winners are an event of about 60 KB; all of them are stored in one append of at most 1 MiB. */
export const MOST_AWARDS = 2_000;
export const WINNERS_PER_EVENT = 200;
export const MOST_SIGN_UPS = 100_000;
export const MOST_PRIZES = 20;
export const MOST_SHOPS = 200;
export const MOST_CATEGORIES = 50;
/** From drafting to the draw, and from the draw to the expiry. */
export const LONGEST_SPAN_MS = 366 * 86_400_000;
