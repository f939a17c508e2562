import { describe, expect, it } from '@jest/globals';
import { workbookOf } from '#libs/testing/workbook-parts.js';
import { spreadsheetReader } from './index.js';

async function formatOf(bytes: Uint8Array): Promise<string> {
  async function* once(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const sheet = await spreadsheetReader().open(async () => once());
  return sheet.format;
}

describe('spreadsheetReader', () => {
  it('goes by the content, not by a name', async () => {
    expect(await formatOf(workbookOf())).toBe('xlsx');
    expect(await formatOf(Buffer.from('a,b'))).toBe('csv');
    expect(await formatOf(Buffer.from('PK'))).toBe('csv');
  });

  it('names what it cannot read', async () => {
    const code = (expected: string) =>
      expect.objectContaining({ name: 'SpreadsheetRefused', code: expected });
    await expect(formatOf(Buffer.alloc(0))).rejects.toEqual(code('SPREADSHEET_EMPTY'));
    await expect(formatOf(Buffer.from('d0cf11e0a1b11ae1', 'hex'))).rejects.toEqual(
      code('SPREADSHEET_OLD_OR_ENCRYPTED'),
    );
    await expect(formatOf(Buffer.from('PK\u0003\u0004 and no more'))).rejects.toEqual(
      code('SPREADSHEET_UNREADABLE'),
    );
    const emptyZip = Buffer.concat([Buffer.from('PK\u0005\u0006'), Buffer.alloc(18)]);
    await expect(formatOf(emptyZip)).rejects.toEqual(code('SPREADSHEET_UNREADABLE'));
  });
});
