import { inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { create } from 'qrcode';
import { pngOf, svgOf } from './draw-code.js';

const CONTENT = `000201${'最佳运输 BEST TRANSPORT '.repeat(6)}6304A13A`;

/** The pixels of a one-bit PNG, read by the chunks of ISO/IEC 15948. */
function pixelsOf(png: Buffer): { readonly side: number; dark(x: number, y: number): boolean } {
  const side = png.readUInt32BE(16);
  expect([png.readUInt32BE(20), [...png.subarray(24, 29)]]).toEqual([side, [1, 0, 0, 0, 0]]);
  expect(png.toString('latin1', 37, 41)).toBe('IDAT');
  const rows = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
  const rowBytes = 1 + Math.ceil(side / 8);
  expect(rows.length).toBe(side * rowBytes);
  return { side, dark: (x, y) => (rows[y * rowBytes + 1 + (x >> 3)]! & (0x80 >> (x & 7))) === 0 };
}

describe('the picture of a code', () => {
  it('as PNG has every module in its place, and a quiet zone of four', () => {
    const png = Buffer.from(pngOf(CONTENT));
    expect(png.subarray(0, 8)).toEqual(Buffer.from('89504e470d0a1a0a', 'hex'));
    const { side, dark } = pixelsOf(png);
    const { modules } = create(CONTENT, { errorCorrectionLevel: 'M' });
    expect(side).toBe((modules.size + 8) * 10);
    for (let y = 5; y < side; y += 10) {
      for (let x = 5; x < side; x += 10) {
        const [row, column] = [(y - 5) / 10 - 4, (x - 5) / 10 - 4];
        const inside = row >= 0 && column >= 0 && row < modules.size && column < modules.size;
        expect([row, column, dark(x, y)]).toEqual([row, column, inside && Boolean(modules.get(row, column))]);
      }
    }
  });

  it('as SVG is one drawing and nothing else', async () => {
    const svg = await svgOf(CONTENT);
    expect(svg).toMatch(/^<svg [^>]*viewBox="0 0 \d+ \d+"/);
    expect(svg).not.toMatch(/script|href|BEST/);
  });
});
