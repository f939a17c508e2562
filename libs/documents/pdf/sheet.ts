import PDFDocument from 'pdfkit';
import type { Label } from '#libs/documents/wording.js';
import { INK, MUTED, PAGE, RULE } from './page.js';

const TEXT_SIZE = 9;
const SMALL_SIZE = 6;
const FONT = 'text';
const LABEL_GAP = 3;
/** Puts the small English on the baseline of the Chinese: the ascent of Noto Sans SC is 1.16 em. */
const BASELINE_SHIFT = (TEXT_SIZE - SMALL_SIZE) * 1.16;

export interface TextPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly align?: 'left' | 'right' | 'center';
  readonly size?: number;
  readonly colour?: string;
  /** Cuts with an ellipsis past so many lines; default 1. */
  readonly maxLines?: number;
}

/** The few strokes a receipt is drawn with, on top of pdfkit. */
export interface Sheet {
  text(content: string, place: TextPlace): void;
  /** Height that `text` will take, in points. */
  heightOf(content: string, place: Omit<TextPlace, 'x' | 'y'>): number;
  /** Chinese in the size of the text, English small behind it. `x` is its left edge, or the right one when aligned so. */
  label(label: Label, x: number, y: number, align?: 'left' | 'right'): void;
  rule(y: number, strong?: boolean): void;
  /** Fills squares of one size in one stroke. */
  squares(corners: readonly { readonly x: number; readonly y: number }[], side: number): void;
  nextPage(): void;
  finish(): Promise<Uint8Array>;
}

export interface SheetInfo {
  readonly font: Uint8Array;
  readonly title: string;
  readonly author: string;
  /** Goes into the file instead of the time of printing, so that a reprint has the same bytes. */
  readonly issuedAt: Date;
}

export function openSheet({ font, title, author, issuedAt }: SheetInfo): Sheet {
  const pdf = new PDFDocument({
    size: [PAGE.width, PAGE.height],
    margin: 0,
    // No default font: Helvetica has no Chinese.
    font: '',
    lang: 'zh-CN',
    displayTitle: true,
    info: { Title: title, Author: author, CreationDate: issuedAt },
  });
  const chunks: Uint8Array[] = [];
  pdf.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  pdf.registerFont(FONT, font as Buffer).font(FONT);

  function prepare(size: number, colour: string): void {
    pdf.fontSize(size).fillColor(colour);
  }
  function layoutOf({ width, align = 'left', size = TEXT_SIZE, maxLines = 1 }: Omit<TextPlace, 'x' | 'y'>) {
    // Noto Sans SC is 1.448 em from line to line: room for `maxLines` of them, not for one more.
    return { width, align, height: size * 1.45 * maxLines, ellipsis: '…', lineGap: 0 } as const;
  }

  return {
    text(content, place) {
      prepare(place.size ?? TEXT_SIZE, place.colour ?? INK);
      pdf.text(content, place.x, place.y, layoutOf(place));
    },
    heightOf(content, place) {
      prepare(place.size ?? TEXT_SIZE, place.colour ?? INK);
      const { height, ...unbounded } = layoutOf(place);
      return Math.min(height, pdf.heightOfString(content, unbounded));
    },
    label(label, x, y, align = 'left') {
      prepare(SMALL_SIZE, MUTED);
      const enWidth = pdf.widthOfString(label.en);
      prepare(TEXT_SIZE, MUTED);
      const zhWidth = pdf.widthOfString(label.zh);
      const left = align === 'left' ? x : x - zhWidth - LABEL_GAP - enWidth;
      pdf.text(label.zh, left, y, { lineBreak: false });
      prepare(SMALL_SIZE, MUTED);
      pdf.text(label.en, left + zhWidth + LABEL_GAP, y + BASELINE_SHIFT, { lineBreak: false });
    },
    rule(y, strong = false) {
      pdf
        .moveTo(PAGE.left, y)
        .lineTo(PAGE.right, y)
        .lineWidth(strong ? 1 : 0.4)
        .strokeColor(strong ? INK : RULE)
        .stroke();
    },
    squares(corners, side) {
      for (const { x, y } of corners) pdf.rect(x, y, side, side);
      pdf.fill('#000000');
    },
    nextPage() {
      pdf.addPage();
    },
    finish() {
      return new Promise((resolve, reject) => {
        pdf.on('end', () => resolve(Buffer.concat(chunks)));
        pdf.on('error', reject);
        pdf.end();
      });
    },
  };
}
