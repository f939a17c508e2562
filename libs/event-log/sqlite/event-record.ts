/**
 * How one event lies in the `body` column of the data file, and travels to and from it. Little endian:
 *
 *  0 u32 CRC-32 of everything after it     4 u8 record version     5 u8 flags (bit 0: JSON)     6 u16 zero
 *  8 f64 position    16 f64 stream key    24 f64 revision    32 f64 recorded at (epoch ms)     40 u32 type key
 * 44 16 bytes event id    60 u32 length of the metadata    64 metadata, then data to the end
 *
 * The place (position, stream, revision, type) is repeated inside the checksum, so that an intact event found at a
 * wrong place is recognised as damage too.
 */
import { crc32 } from 'node:zlib';

export const RECORD_VERSION = 1;
export const RECORD_HEADER_BYTES = 64;
export const AT_CRC = 0;
export const AT_VERSION = 4;
export const AT_FLAGS = 5;
export const AT_POSITION = 8;
export const AT_STREAM = 16;
export const AT_REVISION = 24;
export const AT_RECORDED = 32;
export const AT_TYPE = 40;
export const AT_ID = 44;
export const AT_METADATA_LENGTH = 60;
export const FLAG_JSON = 1;

/** Where an event belongs; keys are those of the `streams` and `types` tables. */
export interface EventPlace {
  readonly position: number;
  readonly streamKey: number;
  readonly revision: number;
  readonly typeKey: number;
}

/** Fills in place and checksum of a record whose other fields are written. */
export function sealRecord(view: DataView, bytes: Uint8Array, place: EventPlace): void {
  view.setFloat64(AT_POSITION, place.position, true);
  view.setFloat64(AT_STREAM, place.streamKey, true);
  view.setFloat64(AT_REVISION, place.revision, true);
  view.setUint32(AT_TYPE, place.typeKey, true);
  view.setUint32(AT_CRC, crc32(bytes.subarray(AT_VERSION)), true);
}

/** Says what is wrong with a stored record, or undefined when it is what was written at that place. */
export function faultOf(bytes: Uint8Array, place: EventPlace): string | undefined {
  // A flipped bit in a row's header turns the column into another type.
  if (!ArrayBuffer.isView(bytes)) return `the record is a ${typeof bytes}`;
  if (bytes.byteLength < RECORD_HEADER_BYTES) return `the record has only ${bytes.byteLength} bytes`;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(AT_CRC, true) !== crc32(bytes.subarray(AT_VERSION)))
    return 'the checksum does not match';
  if (view.getUint8(AT_VERSION) !== RECORD_VERSION)
    return `unknown record version ${view.getUint8(AT_VERSION)}`;
  const isHere =
    view.getFloat64(AT_POSITION, true) === place.position &&
    view.getFloat64(AT_STREAM, true) === place.streamKey &&
    view.getFloat64(AT_REVISION, true) === place.revision &&
    view.getUint32(AT_TYPE, true) === place.typeKey;
  return isHere ? undefined : 'the record belongs to another place';
}

const HEX_DIGITS = '0123456789abcdef';
const HEX_OF_BYTE = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const VALUE_OF_CHAR = new Int8Array(128).fill(-1);
for (let value = 0; value < 16; value += 1) {
  VALUE_OF_CHAR[HEX_DIGITS.charCodeAt(value)] = value;
  VALUE_OF_CHAR[HEX_DIGITS.toUpperCase().charCodeAt(value)] = value;
}
/** Index of the first hex digit of each byte in `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`. */
const UUID_DIGITS = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const UUID_DASHES = [8, 13, 18, 23];
const DASH = 45;

/** @throws TypeError when the text is no UUID */
export function writeUuid(bytes: Uint8Array, offset: number, text: string): void {
  let wrong = text.length === 36 ? 0 : -1;
  for (const at of UUID_DASHES) if (text.charCodeAt(at) !== DASH) wrong = -1;
  for (let i = 0; i < 16 && wrong === 0; i += 1) {
    const at = UUID_DIGITS[i]!;
    const high = VALUE_OF_CHAR[text.charCodeAt(at)] ?? -1;
    const low = VALUE_OF_CHAR[text.charCodeAt(at + 1)] ?? -1;
    if (high < 0 || low < 0) wrong = -1;
    bytes[offset + i] = (high << 4) | low;
  }
  if (wrong !== 0) throw new TypeError(`"${text.slice(0, 40)}" is not a UUID.`);
}

export function readUuid(bytes: Uint8Array, offset: number): string {
  let text = '';
  for (let i = 0; i < 16; i += 1) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += HEX_OF_BYTE[bytes[offset + i]!]!;
  }
  return text;
}
