import { createHash } from 'node:crypto';
import type { LocalDate } from '#libs/kernel/time/index.js';
import type { BookLine } from './book.js';

/** Lines that carry a mistake each; a shorter book has those that it has room for, in this order. */
const LINES_NEEDED = { missing: 1, doubled: 2, amountOff: 3, swapped: 5 } as const;

/**
 * The day's lines as a careless institution would write them: one missing, one twice, one a fen off, two with each other's
 * reference. Which ones follows from the date alone.
 */
export function withMistakes(lines: readonly BookLine[], date: LocalDate): readonly BookLine[] {
  const [missing, doubled, off, swapA, swapB] = chosen(lines.length, date);
  const room = lines.length;
  return lines.flatMap((line, index): readonly BookLine[] => {
    if (room >= LINES_NEEDED.missing && index === missing) return [];
    if (room >= LINES_NEEDED.doubled && index === doubled) return [line, line];
    if (room >= LINES_NEEDED.amountOff && index === off) return [{ ...line, amount: line.amount + 1n }];
    if (room >= LINES_NEEDED.swapped && index === swapA) return [misread(line, lines[swapB as number])];
    if (room >= LINES_NEEDED.swapped && index === swapB) return [misread(line, lines[swapA as number])];
    return [line];
  });
}

function misread(line: BookLine, other: BookLine | undefined): BookLine {
  return other ? { ...line, reference: other.reference, operationId: other.operationId } : line;
}

/** Distinct places, shuffled by the date. */
function chosen(count: number, date: LocalDate): readonly number[] {
  const rank = (index: number): string => createHash('sha256').update(`${date}\n${index}`).digest('hex');
  return Array.from({ length: count }, (_, index) => ({ index, rank: rank(index) }))
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, LINES_NEEDED.swapped)
    .map(({ index }) => index);
}
