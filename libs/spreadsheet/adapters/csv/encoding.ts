import { TextDecoder } from 'node:util';
import { SpreadsheetRefused } from '#libs/spreadsheet/port/index.js';

export type CsvEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

/**
 * Tells a text file's encoding: a byte order mark settles it; else all of it must be strict UTF-8; else it is taken for
 * GB18030, the encoding that Chinese spreadsheet programs write. Whether it truly is shows when it is decoded.
 *
 * @returns the encoding and how many bytes the byte order mark takes
 */
export async function detectEncoding(
  content: AsyncIterable<Uint8Array>,
): Promise<{ readonly encoding: CsvEncoding; readonly markBytes: number }> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let head: Uint8Array = new Uint8Array(0);
  let headJudged = false;
  for await (const chunk of content) {
    let next = chunk;
    if (!headJudged) {
      head = Buffer.concat([head, chunk]);
      if (head.length < LONGEST_MARK) continue;
      const marked = markOf(head);
      if (marked) return marked;
      headJudged = true;
      next = head;
    }
    if (!accepts(utf8, next)) return GB18030;
  }
  const marked = headJudged ? undefined : markOf(head);
  if (marked) return marked;
  return (headJudged || accepts(utf8, head)) && accepts(utf8, undefined) ? UTF_8 : GB18030;
}

const LONGEST_MARK = 3;
const UTF_8 = { encoding: 'utf-8', markBytes: 0 } as const;
const GB18030 = { encoding: 'gb18030', markBytes: 0 } as const;

function markOf(head: Uint8Array): { encoding: CsvEncoding; markBytes: number } | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', markBytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', markBytes: 2 };
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', markBytes: 3 };
  return undefined;
}

function accepts(utf8: TextDecoder, chunk: Uint8Array | undefined): boolean {
  try {
    utf8.decode(chunk, { stream: chunk !== undefined });
    return true;
  } catch {
    return false;
  }
}

/** Decodes strictly: a byte that the encoding does not know, or NUL, refuses the file. @throws SpreadsheetRefused */
export async function* decodeText(
  content: AsyncIterable<Uint8Array>,
  encoding: CsvEncoding,
): AsyncGenerator<string> {
  // The decoder takes the byte order mark away by itself.
  const decoder = new TextDecoder(encoding, { fatal: true });
  for await (const chunk of content) yield strict(() => decoder.decode(chunk, { stream: true }));
  yield strict(() => decoder.decode());
}

function strict(decode: () => string): string {
  let text: string;
  try {
    text = decode();
  } catch (cause) {
    const message = 'The file is neither UTF-8, UTF-16 with a byte order mark, nor GB18030.';
    throw new SpreadsheetRefused('SPREADSHEET_ENCODING_UNKNOWN', message, { cause });
  }
  if (text.includes('\0')) {
    throw new SpreadsheetRefused(
      'SPREADSHEET_ENCODING_UNKNOWN',
      'The file holds NUL characters; it is no text file.',
    );
  }
  return text;
}
