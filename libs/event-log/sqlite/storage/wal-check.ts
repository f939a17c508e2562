/**
 * SQLite reads a write-ahead log up to the first frame whose checksum fails and takes the rest for a torn tail. That is
 * right for the last transaction, which a power cut may tear; a damaged frame with whole later transactions behind it
 * would silently take acknowledged events away. This check tells the two apart before SQLite opens the file.
 *
 * Format: https://sqlite.org/fileformat2.html#the_write_ahead_log
 */
import { existsSync, readFileSync } from 'node:fs';
import { LogDamaged } from '#libs/event-log/port/index.js';

const WAL_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC_LITTLE = 0x377f0682;
const MAGIC_BIG = 0x377f0683;

type Sums = readonly [number, number];

/** @throws LogDamaged when committed transactions lie behind a damaged frame */
export function refuseDamagedWal(file: string): void {
  const walFile = `${file}-wal`;
  if (!existsSync(walFile)) return;
  const wal = readFileSync(walFile);
  if (wal.byteLength < WAL_HEADER_BYTES) return;
  const littleEndian = wal.readUInt32BE(0) !== MAGIC_BIG;
  const pageBytes = wal.readUInt32BE(8);
  const knownMagic = wal.readUInt32BE(0) === MAGIC_LITTLE || wal.readUInt32BE(0) === MAGIC_BIG;
  let sums = checksum(wal.subarray(0, 24), [0, 0], littleEndian);
  const headerIntact = knownMagic && sums[0] === wal.readUInt32BE(24) && sums[1] === wal.readUInt32BE(28);
  if (!headerIntact || pageBytes < 512) {
    if (wal.byteLength > WAL_HEADER_BYTES + FRAME_HEADER_BYTES) {
      throw new LogDamaged(`file ${walFile}`, 'its header is not what was written');
    }
    return;
  }
  const frameBytes = FRAME_HEADER_BYTES + pageBytes;
  let frame = 0;
  for (let at = WAL_HEADER_BYTES; at + frameBytes <= wal.byteLength; at += frameBytes, frame += 1) {
    if (!sameSalts(wal, at)) break;
    const next = checksum(
      wal.subarray(at + FRAME_HEADER_BYTES, at + frameBytes),
      checksum(wal.subarray(at, at + 8), sums, littleEndian),
      littleEndian,
    );
    if (next[0] !== wal.readUInt32BE(at + 16) || next[1] !== wal.readUInt32BE(at + 20)) break;
    sums = next;
  }
  refuseIfFollowed(
    wal,
    WAL_HEADER_BYTES + frame * frameBytes,
    frameBytes,
    `frame ${frame + 1} of ${walFile}`,
  );
}

/**
 * Every commit waits for the disk before the next begins, so a power cut can tear the last transaction only: at most one
 * commit frame may lie behind the bad one, and nothing of this generation behind that.
 */
function refuseIfFollowed(wal: Buffer, badAt: number, frameBytes: number, place: string): void {
  let commits = 0;
  for (let at = badAt; at + frameBytes <= wal.byteLength; at += frameBytes) {
    const ofThisGeneration = sameSalts(wal, at);
    if (ofThisGeneration && commits > 0) {
      throw new LogDamaged(
        place,
        'its checksum does not match, yet later transactions were committed behind it',
      );
    }
    if (ofThisGeneration && wal.readUInt32BE(at + 4) !== 0) commits += 1;
  }
}

function sameSalts(wal: Buffer, frameAt: number): boolean {
  return wal.compare(wal, 16, 24, frameAt + 8, frameAt + 16) === 0;
}

function checksum(bytes: Buffer, start: Sums, littleEndian: boolean): Sums {
  let [first, second] = start;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.byteLength; at += 8) {
    first = (first + view.getUint32(at, littleEndian) + second) >>> 0;
    second = (second + view.getUint32(at + 4, littleEndian) + first) >>> 0;
  }
  return [first, second];
}
