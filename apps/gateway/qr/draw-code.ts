import { crc32, deflateSync } from 'node:zlib';
import { create, toString } from 'qrcode';

/** ISO/IEC 18004: the error correction, and the quiet zone in modules. */
const ERROR_CORRECTION = 'M';
const MARGIN = 4;
/** Pixels of a module's side: 300 dots an inch at 6 cm. */
const SCALE = 10;

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** One bit a pixel, grey, no interlacing. */
const ONE_BIT_GREY = [1, 0, 0, 0, 0] as const;

export function svgOf(content: string): Promise<string> {
  return toString(content, { errorCorrectionLevel: ERROR_CORRECTION, margin: MARGIN, type: 'svg' });
}

/** PNG (ISO/IEC 15948) of black and white alone: a millisecond, where four bytes a pixel would take fifty. */
export function pngOf(content: string): Uint8Array {
  const { modules } = create(content, { errorCorrectionLevel: ERROR_CORRECTION });
  const side = (modules.size + 2 * MARGIN) * SCALE;
  const rowBytes = 1 + Math.ceil(side / 8);
  const pixels = Buffer.alloc(side * rowBytes, 0xff);
  for (let y = 0; y < side; y += 1) {
    const at = y * rowBytes;
    // The row as it is, without a filter.
    pixels[at] = 0;
    for (let x = 0; x < side; x += 1) {
      const [row, column] = [Math.floor(y / SCALE) - MARGIN, Math.floor(x / SCALE) - MARGIN];
      const inside = row >= 0 && column >= 0 && row < modules.size && column < modules.size;
      if (inside && modules.get(row, column)) pixels[at + 1 + (x >> 3)]! &= ~(0x80 >> (x & 7));
    }
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set(ONE_BIT_GREY, 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
