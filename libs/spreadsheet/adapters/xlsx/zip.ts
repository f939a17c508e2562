import { crc32, createInflateRaw } from 'node:zlib';
import { SpreadsheetRefused } from '#libs/spreadsheet/port/index.js';
import type { XlsxLimits } from './limits.js';

/**
 * The part of the ZIP format (APPNOTE 6.3) that .xlsx files use: stored or deflated entries, one disk, no ZIP64, no
 * encryption. The central directory is the truth; local headers must agree with it, or two programs could read two
 * different workbooks out of one file.
 */
export interface ZipEntry {
  readonly name: string;
  readonly deflated: boolean;
  readonly crc: number;
  readonly inflatedBytes: number;
  /** Where the entry's own bytes lie in the file. */
  readonly start: number;
  readonly end: number;
}

const END = 0x06054b50;
const END_BYTES = 22;
const CENTRAL = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const MAX_COMMENT_BYTES = 0xffff;
const FLAG_ENCRYPTED = 0x1;
const STORED = 0;
const DEFLATED = 8;

/** @throws SpreadsheetRefused when the directory is damaged, ambiguous or promises more than the limits allow */
export function readDirectory(file: Buffer, limits: XlsxLimits): ReadonlyMap<string, ZipEntry> {
  const { count, offset } = endOfDirectory(file);
  if (count > limits.maxEntries)
    throw new SpreadsheetRefused('SPREADSHEET_TOO_LARGE', 'The workbook has too many parts.');
  const entries = new Map<string, ZipEntry>();
  let at = offset;
  for (let index = 0; index < count; index += 1) {
    const { entry, next } = centralEntry(file, at);
    if (entries.has(entry.name)) throw damaged('two parts of one name');
    entries.set(entry.name, entry);
    at = next;
  }
  refuseBomb(file, [...entries.values()], limits);
  return entries;
}

/** The entry's bytes; size and checksum are checked on the way. @throws SpreadsheetRefused */
export async function* inflate(file: Buffer, entry: ZipEntry): AsyncGenerator<Buffer> {
  const bytes = file.subarray(entry.start, entry.end);
  let length = 0;
  let crc = 0;
  for await (const chunk of entry.deflated ? inflated(bytes) : [bytes]) {
    length += chunk.length;
    if (length > entry.inflatedBytes)
      throw new SpreadsheetRefused('SPREADSHEET_BOMB', `${entry.name} is larger than it says.`);
    crc = crc32(chunk, crc);
    yield chunk;
  }
  if (length !== entry.inflatedBytes || crc !== entry.crc)
    throw damaged(`${entry.name} has a wrong checksum`);
}

async function* inflated(bytes: Buffer): AsyncGenerator<Buffer> {
  const stream = createInflateRaw({ chunkSize: 64 * 1024 });
  stream.end(bytes);
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (cause) {
    throw damaged('cannot be inflated', cause);
  }
}

function endOfDirectory(file: Buffer): { count: number; offset: number } {
  const first = Math.max(0, file.length - END_BYTES - MAX_COMMENT_BYTES);
  for (let at = file.length - END_BYTES; at >= first; at -= 1) {
    if (file.readUInt32LE(at) !== END || at + END_BYTES + file.readUInt16LE(at + 20) !== file.length)
      continue;
    const disks = file.readUInt16LE(at + 4) + file.readUInt16LE(at + 6);
    const count = file.readUInt16LE(at + 10);
    const offset = file.readUInt32LE(at + 16);
    if (disks !== 0 || count === 0xffff || offset === 0xffffffff) throw damaged('spans disks or is ZIP64');
    return { count, offset };
  }
  throw damaged('has no directory');
}

function centralEntry(file: Buffer, at: number): { entry: ZipEntry; next: number } {
  if (at + CENTRAL_BYTES > file.length || file.readUInt32LE(at) !== CENTRAL)
    throw damaged('has a broken directory');
  const flags = file.readUInt16LE(at + 8);
  if (flags & FLAG_ENCRYPTED)
    throw new SpreadsheetRefused('SPREADSHEET_OLD_OR_ENCRYPTED', 'The workbook is encrypted.');
  const method = file.readUInt16LE(at + 10);
  if (method !== STORED && method !== DEFLATED) throw damaged('uses an unusual compression');
  const nameBytes = file.readUInt16LE(at + 28);
  const next = at + CENTRAL_BYTES + nameBytes + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  const name = file.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes);
  const start = dataStart(file, file.readUInt32LE(at + 42), name);
  const end = start + file.readUInt32LE(at + 20);
  if (end > file.length || next > file.length) throw damaged('ends too early');
  const entry: ZipEntry = {
    name: name.toString('utf8').replaceAll('\\', '/'),
    deflated: method === DEFLATED,
    crc: file.readUInt32LE(at + 16),
    inflatedBytes: file.readUInt32LE(at + 24),
    start,
    end,
  };
  return { entry, next };
}

function dataStart(file: Buffer, at: number, name: Buffer): number {
  if (at + LOCAL_BYTES > file.length || file.readUInt32LE(at) !== LOCAL) throw damaged('has a broken entry');
  const nameBytes = file.readUInt16LE(at + 26);
  const own = file.subarray(at + LOCAL_BYTES, at + LOCAL_BYTES + nameBytes);
  if (!own.equals(name)) throw damaged('has an entry with two names');
  return at + LOCAL_BYTES + nameBytes + file.readUInt16LE(at + 28);
}

function refuseBomb(file: Buffer, entries: readonly ZipEntry[], limits: XlsxLimits): void {
  const inflatedBytes = entries.reduce((sum, entry) => sum + entry.inflatedBytes, 0);
  if (inflatedBytes > limits.ratioMatters && inflatedBytes > file.length * limits.maxRatio) {
    throw new SpreadsheetRefused('SPREADSHEET_BOMB', 'The workbook inflates out of all proportion.');
  }
  if (inflatedBytes > limits.maxInflatedBytes) {
    throw new SpreadsheetRefused(
      'SPREADSHEET_TOO_LARGE',
      `The workbook inflates to more than ${limits.maxInflatedBytes} bytes.`,
    );
  }
  let previousEnd = 0;
  for (const entry of entries.toSorted((a, b) => a.start - b.start)) {
    if (entry.start < previousEnd)
      throw new SpreadsheetRefused('SPREADSHEET_BOMB', 'Parts of the workbook overlap.');
    previousEnd = entry.end;
  }
}

function damaged(reason: string, cause?: unknown): SpreadsheetRefused {
  return new SpreadsheetRefused('SPREADSHEET_UNREADABLE', `The workbook is damaged: it ${reason}.`, {
    cause,
  });
}
