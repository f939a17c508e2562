/** Days after a month's day of paying on which what failed is tried again. */
export const RETRY_AFTER_DAYS: readonly number[] = [1, 3, 7];
