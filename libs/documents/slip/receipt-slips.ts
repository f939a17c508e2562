import receiptline from 'receiptline';
import type { OrganisationView } from '#libs/onboarding/contract/index.js';
import type { ReceiptView } from '#libs/payments/contract/index.js';
import type { Document, ReceiptSlip, SlipFormat } from '../port/index.js';
import { COLUMNS, slipMarkup } from './markup.js';

export interface ReceiptSlipOptions {
  /** The QR code holds this followed by the verification code. */
  readonly verificationPrefix: string;
}

/** Printers made for China take GB18030; others print `????`, whatever is sent. */
const PRINTER = { cpl: COLUMNS, encoding: 'gb18030', spacing: true } as const;

/** `generic`: pictures by GS v 0, which every ESC/POS printer knows; newer commands only Epson's own do. */
const COMMANDS = { svg: 'svg', text: 'text', escpos: 'generic' } as const;

/** Faces in which a Chinese character is twice as wide as a Latin one. */
const FONTS = "'Noto Sans Mono CJK SC','Sarasa Mono SC','Microsoft YaHei','PingFang SC',monospace";
/** Dots around the paper's print area. */
const MARGIN = 24;

/** Slips by receiptline; some milliseconds each, on the calling thread. */
export function receiptSlips({ verificationPrefix }: ReceiptSlipOptions): ReceiptSlip {
  return {
    render(receipt: ReceiptView, organisation: OrganisationView, format: SlipFormat): Document {
      const verificationUrl = `${verificationPrefix}${receipt.verificationCode}`;
      const markup = slipMarkup({ receipt, organisation, verificationUrl });
      const drawn = receiptline.transform(markup, { ...PRINTER, command: COMMANDS[format] });
      switch (format) {
        case 'svg':
          return { mediaType: 'image/svg+xml', content: Buffer.from(onPaper(drawn), 'utf8') };
        case 'text':
          return { mediaType: 'text/plain; charset=utf-8', content: Buffer.from(drawn, 'utf8') };
        case 'escpos':
          // One character per byte.
          return { mediaType: 'application/vnd.escpos', content: Buffer.from(drawn, 'latin1') };
      }
    },
  };
}

/** White paper with a margin; without what is random in it, so that the same receipt always gives the same bytes. */
function onPaper(svg: string): string {
  return svg
    .replaceAll(/receipt-[0-9a-f-]{36}/g, 'receipt')
    .replace('font-family="monospace"', `font-family="${FONTS}"`)
    .replace(/^<svg width="(\d+)px" height="(\d+)px" viewBox="[^"]*"([^>]*)>/, (_, width, height, rest) => {
      const [wide, high] = [Number(width) + 2 * MARGIN, Number(height) + 2 * MARGIN];
      const paper = `<rect x="-${MARGIN}" y="-${MARGIN}" width="${wide}" height="${high}" fill="#fff"/>`;
      return `<svg width="${wide}px" height="${high}px" viewBox="-${MARGIN} -${MARGIN} ${wide} ${high}"${rest}>${paper}`;
    });
}
