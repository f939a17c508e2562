import { TextDecoder } from 'node:util';
import { SpreadsheetRefused } from '#libs/spreadsheet/port/index.js';
import { inflate, type ZipEntry } from './zip.js';
import { XmlTokenizer, type XmlHandler } from './xml.js';

/** The parts of one workbook. */
export interface Parts {
  readonly file: Buffer;
  readonly entries: ReadonlyMap<string, ZipEntry>;
}

const DTD = /<!(?:DOCTYPE|ENTITY)/i;
/** Longer than what is looked for, so that nothing hides across two chunks. */
const OVERLAP_CHARACTERS = 16;

/** Inflates every XML part once, without parsing: sizes, checksums and the absence of DTDs are proved before anything is believed. */
export async function survey(parts: Parts): Promise<void> {
  for (const entry of parts.entries.values()) {
    if (!/\.(?:xml|rels|vml)$/i.test(entry.name)) continue;
    let tail = '';
    for await (const chunk of inflate(parts.file, entry)) {
      const text = tail + chunk.toString('latin1');
      if (DTD.test(text)) {
        throw new SpreadsheetRefused('SPREADSHEET_DTD', 'The workbook holds a document type definition.');
      }
      tail = text.slice(-OVERLAP_CHARACTERS);
    }
  }
}

/** The part's text in pieces; UTF-8 only, which is all that spreadsheet programs write. @throws SpreadsheetRefused */
export async function* textOf(parts: Parts, name: string): AsyncGenerator<string> {
  const entry = parts.entries.get(name);
  if (!entry) throw new SpreadsheetRefused('SPREADSHEET_UNREADABLE', `The workbook has no part ${name}.`);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of inflate(parts.file, entry)) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    throw new SpreadsheetRefused('SPREADSHEET_UNREADABLE', `The part ${name} is not UTF-8.`, {
      cause: error,
    });
  }
}

/** Reads a whole part through a handler. @throws SpreadsheetRefused */
export async function readPart(parts: Parts, name: string, handler: XmlHandler): Promise<void> {
  const xml = new XmlTokenizer(handler);
  for await (const text of textOf(parts, name)) xml.push(text);
  xml.end();
}

/** A handler that only looks at opening tags. */
export function openingTags(open: (name: string, tag: string) => void): XmlHandler {
  return { open, close: () => undefined, text: () => undefined, ignoresText: true };
}
