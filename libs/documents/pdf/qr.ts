import { create } from 'qrcode';
import type { Sheet } from './sheet.js';

/** Draws a QR code (ISO/IEC 18004, error correction M) as vectors, the quiet zone being the caller's. */
export function drawQr(
  sheet: Sheet,
  content: string,
  at: { readonly x: number; readonly y: number; readonly side: number },
): void {
  const { modules } = create(content, { errorCorrectionLevel: 'M' });
  const module = at.side / modules.size;
  const dark: { x: number; y: number }[] = [];
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      if (modules.get(row, column)) dark.push({ x: at.x + column * module, y: at.y + row * module });
    }
  }
  sheet.squares(dark, module);
}
