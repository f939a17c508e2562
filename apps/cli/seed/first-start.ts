import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Instant, parseInstant } from '#libs/kernel/time/index.js';
import { seedDemo, type SeedSummary } from './seed-demo.js';
import type { SeedTarget } from './seed-target.js';

/** Remembers in the data folder that a seed was begun and when, so that one cut short is finished and none is begun twice. */
const MARKER = 'demo-seed.json';

interface Marker {
  /** The demo's present. */
  readonly now: Instant;
  readonly scale: number;
  readonly done: boolean;
}

export interface FirstStart {
  readonly dataDir: string;
  /** Nothing was ever stored: only such a log is filled. */
  readonly logIsEmpty: boolean;
  readonly target: SeedTarget;
  /** 1 by default: a tenth of the demo. */
  readonly scale?: number;
  readonly onProgress?: (what: string) => void;
}

/**
 * Seeds an empty data folder, or finishes a seed that was cut short, with the same moment and ids as it began with.
 * `undefined`: there was nothing to do. In any case the clock is back at the real time afterwards.
 *
 * @throws SeedRefused
 */
export async function seedOnFirstStart(start: FirstStart): Promise<SeedSummary | undefined> {
  const { dataDir, logIsEmpty, target, onProgress } = start;
  const file = join(dataDir, MARKER);
  try {
    const begun = await readMarker(file);
    if (begun?.done || (!begun && !logIsEmpty)) return undefined;
    const marker = begun ?? { now: target.clock.now(), scale: start.scale ?? 1, done: false };
    await writeMarker(file, marker);
    const { now, scale } = marker;
    const summary = await seedDemo(target, {
      now,
      scale,
      goesOn: begun !== undefined,
      ...(onProgress && { onProgress }),
    });
    await writeMarker(file, { ...marker, done: true });
    return summary;
  } finally {
    target.clock.release();
  }
}

async function readMarker(file: string): Promise<Marker | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const { now, scale, done } = JSON.parse(text) as Record<string, unknown>;
  return { now: parseInstant(String(now)), scale: Number(scale), done: done === true };
}

/** In one step: a crash leaves the old marker or the new one. */
async function writeMarker(file: string, marker: Marker): Promise<void> {
  await writeFile(`${file}.tmp`, `${JSON.stringify(marker)}\n`);
  await rename(`${file}.tmp`, file);
}
