/** Puts one wrong line into a copy of the contract's rules and lets the search run over it, in a process of its own. */
import { execFile } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { transformSync, type Options } from '@swc/core';
import { temporaryFolder } from '../temporary-folder.js';
import type { Setup } from './setup.js';
import type { Breach } from './walk.js';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const COPIED = ['kernel', 'contracts/domain', 'testing/contract-audit', 'testing/contract-search'];
const DOMAIN = 'libs/contracts/domain';
const PATIENCE_MS = 60_000;

export interface Plant {
  readonly name: string;
  /** Below libs/contracts/domain. */
  readonly file: string;
  readonly instead: string;
  readonly of: string;
}

export interface Search {
  readonly setups: readonly Setup[];
  readonly depth: number;
  readonly choices: readonly (readonly number[])[];
}

/** The first breaches that the search finds. @throws Error when the plant does not fit the source any more */
export async function searchWith(plant: Plant | undefined, search: Search): Promise<readonly Breach[]> {
  using folder = temporaryFolder();
  const libs = folder.file('libs');
  for (const part of COPIED) {
    cpSync(path.join(ROOT, 'dist/libs', part), path.join(libs, part), { recursive: true });
  }
  const imports = { '#libs/*.js': './libs/*.js' };
  writeFileSync(folder.file('package.json'), JSON.stringify({ type: 'module', imports }));
  if (plant) writeFileSync(path.join(libs, 'contracts/domain', compiledName(plant)), planted(plant));
  const task = folder.file('task.json');
  writeFileSync(task, JSON.stringify(search));
  const program = path.join(libs, 'testing/contract-search/main.js');
  const { stdout } = await promisify(execFile)(process.execPath, [program, task], {
    timeout: PATIENCE_MS,
    maxBuffer: 1 << 24,
  });
  return JSON.parse(stdout) as Breach[];
}

function compiledName({ file }: Plant): string {
  return file.replace(/\.ts$/, '.js');
}

function planted({ file, of, instead, name }: Plant): string {
  const source = readFileSync(path.join(ROOT, DOMAIN, file), 'utf8');
  if (source.split(of).length !== 2) throw new Error(`${name}: ${file} does not hold this once: ${of}`);
  const settings = JSON.parse(readFileSync(path.join(ROOT, '.swcrc'), 'utf8')) as Options;
  const { code } = transformSync(
    source.replace(of, () => instead),
    { ...settings, filename: file, sourceMaps: false },
  );
  return code;
}
