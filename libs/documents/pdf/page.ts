/** A5 landscape, the size of a till's half sheet; lengths in points (1/72 inch). */
export const PAGE = { width: 595.28, height: 419.53, left: 36, right: 559.28, top: 28, bottom: 395 } as const;

/** The totals, the code and the footnote stand at the foot of the last page. */
export const FOOT_HEIGHT = 112;
/** Between the rows and the page number on every page but the last. */
export const PAGE_NUMBER_HEIGHT = 16;

export const INK = '#1a1a1a';
export const MUTED = '#6b6b6b';
export const RULE = '#9a9a9a';
