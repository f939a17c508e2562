/** A cell as the spreadsheet port gives it: text, or something that only looks like text. */
export type RosterCell =
  | string
  | {
      readonly kind: 'number' | 'date' | 'boolean' | 'formula' | 'error' | 'merged';
      readonly text: string;
    };

/** Binary floating point is right for 15 decimal digits; from the 16th on a spreadsheet program invents them. */
const SAFE_DIGITS = 15;

/** A number as a person reads it in the sheet, `undefined` when more digits were typed than a number can hold. */
export function plainNumber(stored: string): string | undefined {
  const value = Number(stored);
  if (!Number.isFinite(value) || Math.abs(value) >= 10 ** SAFE_DIGITS) return undefined;
  const shown = String(Number(value.toPrecision(SAFE_DIGITS)));
  return shown.includes('e') ? undefined : shown;
}

/**
 * A mark in front of text that a spreadsheet program could take for a formula. It is put there on the way out and taken
 * away on the way in, so that a file survives the round trip.
 */
export function guardFormula(text: string): string {
  return /^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

export function unguardFormula(text: string): string {
  return /^'+[=+\-@\t\r]/.test(text) ? text.slice(1) : text;
}

/**
 * Characters that have no place in a line of text: controls, line breaks, marks that turn the direction of writing or
 * cannot be seen, and halves of characters.
 */
export function hasForbiddenCharacter(text: string): boolean {
  return FORBIDDEN.test(text) || !text.isWellFormed();
}

const FORBIDDEN =
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]/;
