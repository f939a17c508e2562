/** Documents that people print or keep. Drawn on demand from views, never stored: the log is the truth. */
import type { OrganisationView } from '#libs/onboarding/contract/index.js';
import type { ReceiptView } from '#libs/payments/contract/index.js';

export interface ReceiptDocument {
  /**
   * One receipt as a file. The same receipt always gives the same bytes.
   *
   * @throws DocumentsOverloaded  too many documents are waiting already; try later
   * @throws DocumentFailed       it could not be drawn, or not in time
   * @throws DocumentsClosed      after `close()`
   */
  render(receipt: ReceiptView, organisation: OrganisationView): Promise<Document>;

  /** Fails what is waiting and releases what the renderer holds. Idempotent. */
  close(): Promise<void>;
}

/** `escpos`: what an 80 mm printer is sent; `svg` and `text`: the same to look at or to read aloud. */
export type SlipFormat = 'svg' | 'text' | 'escpos';

export interface ReceiptSlip {
  /** One receipt as a slip of 80 mm paper, 48 columns. The same receipt always gives the same bytes. */
  render(receipt: ReceiptView, organisation: OrganisationView, format: SlipFormat): Document;
}

export interface Document {
  readonly mediaType:
    'application/pdf' | 'image/svg+xml' | 'text/plain; charset=utf-8' | 'application/vnd.escpos';
  readonly content: Uint8Array;
}

export class DocumentsOverloaded extends Error {
  override readonly name = 'DocumentsOverloaded';
}

export class DocumentFailed extends Error {
  override readonly name = 'DocumentFailed';
}

export class DocumentsClosed extends Error {
  override readonly name = 'DocumentsClosed';
}
