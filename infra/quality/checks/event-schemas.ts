import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { isAddition } from './schema-addition.js';
import { NOTHING_YET, type Check, type Finding } from '../check.js';
import { filesBelow } from '../tree.js';

const FOLDER = 'schemas/events';
const LOCK = `${FOLDER}/schemas.lock.json`;

/** File → SHA-256 of its meaning (keys sorted, no white space). */
type Hashes = Readonly<Record<string, string>>;

/**
 * What was once stored stays readable for ever: an event schema or golden sample, once committed, never
 * goes, and changes only by a new optional property. Any other shape is a new version in a new file.
 * `--update` lists new files; it also follows an addition, and a file that no commit has listed yet.
 */
export const eventSchemas: Check = async ({ root, update }) => {
  const files = await filesBelow(root, FOLDER, (file) => file.endsWith('.json') && file !== LOCK);
  const listed = await readListed(root);
  if (files.length === 0 && Object.keys(listed).length === 0) return NOTHING_YET;
  const broken: Finding[] = [];
  const present = await hashAll(root, files, broken);
  const committed = await withAdditions(root, await readCommitted(root, listed), present);
  const findings = [
    ...broken,
    ...against(committed, present, 'event-schema-changed', 'event-schema-removed'),
  ];
  if (!update) findings.push(...tampered(committed, listed), ...stale(listed, present, committed));
  else if (findings.length === 0)
    await writeFile(path.join(root, LOCK), `${JSON.stringify(present, null, 2)}\n`);
  return { findings, note: `${files.length} files` };
};

async function readListed(root: string): Promise<Hashes> {
  const text = await readFile(path.join(root, LOCK), 'utf8').catch(() => '{}');
  return JSON.parse(text) as Hashes;
}

/** The list in the last commit; without a repository everything listed counts as committed. */
async function readCommitted(root: string, listed: Hashes): Promise<Hashes> {
  const git = (...args: string[]) =>
    promisify(execFile)('git', ['-C', root, ...args], { maxBuffer: 1 << 26 });
  try {
    const { stdout } = await git('rev-parse', '--show-toplevel');
    if (path.resolve(stdout.trim()) !== path.resolve(root)) return listed;
  } catch {
    return listed;
  }
  try {
    return JSON.parse((await git('show', `HEAD:${LOCK}`)).stdout) as Hashes;
  } catch {
    return {}; // no commit yet, or none that has the list
  }
}

/** The committed list, but for files that differ from their committed text by optional properties alone. */
async function withAdditions(root: string, committed: Hashes, present: Hashes): Promise<Hashes> {
  const kept: Record<string, string> = { ...committed };
  for (const [file, hash] of Object.entries(committed)) {
    if (present[file] === undefined || present[file] === hash || file.includes('/samples/')) continue;
    const before = await committedText(root, file);
    if (before === undefined) continue;
    const now: unknown = JSON.parse(await readFile(path.join(root, file), 'utf8'));
    if (isAddition(JSON.parse(before), now)) delete kept[file];
  }
  return kept;
}

async function committedText(root: string, file: string): Promise<string | undefined> {
  try {
    const show = ['-C', root, 'show', `HEAD:./${file}`];
    return (await promisify(execFile)('git', show, { maxBuffer: 1 << 26 })).stdout;
  } catch {
    return undefined; // no repository, or not committed
  }
}

async function hashAll(root: string, files: readonly string[], broken: Finding[]): Promise<Hashes> {
  const hashes: Record<string, string> = {};
  for (const file of files) {
    try {
      const value: unknown = JSON.parse(await readFile(path.join(root, file), 'utf8'));
      hashes[file] = createHash('sha256').update(canonical(value)).digest('hex');
    } catch (error) {
      broken.push({ rule: 'event-schema-unreadable', file, message: String(error) });
    }
  }
  return hashes;
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}

function against(fixed: Hashes, present: Hashes, changedRule: string, removedRule: string): Finding[] {
  return Object.entries(fixed).flatMap(([file, hash]): Finding[] => {
    if (present[file] === hash) return [];
    if (present[file] === undefined)
      return [{ rule: removedRule, file, message: 'stored events still need it' }];
    return [{ rule: changedRule, file, message: 'already committed: add a new version in a new file' }];
  });
}

function tampered(committed: Hashes, listed: Hashes): Finding[] {
  const lost = Object.keys(committed).filter((file) => committed[file] !== listed[file]);
  return lost.map((file) => ({
    rule: 'event-schema-lock-tampered',
    file: LOCK,
    message: `entry of ${file} was altered`,
  }));
}

function stale(listed: Hashes, present: Hashes, committed: Hashes): Finding[] {
  const names = new Set([...Object.keys(listed), ...Object.keys(present)]);
  const differing = [...names].filter((file) => !(file in committed) && listed[file] !== present[file]);
  return differing.map((file) => ({
    rule: 'event-schema-not-listed',
    file,
    message: 'run `npm run check -- --update`',
  }));
}
