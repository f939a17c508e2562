import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { NOTHING_YET, type Check, type Finding } from '../check.js';
import { filesBelow } from '../tree.js';

const LANGUAGES = ['zh-CN', 'en-US'] as const;
const FILE = /^(?<folder>.*(?:^|\/)i18n)\/(?:zh-CN|en-US)\.json$/;
const PLACEHOLDER = /\{\{?\s*[\w.]+/g;

/** Both languages have the same keys, no text is empty, and a text's placeholders are the same in both. */
export const translations: Check = async ({ root }) => {
  const files = await filesBelow(root, '', (file) => FILE.test(file));
  if (files.length === 0) return NOTHING_YET;
  const folders = [...new Set(files.map((file) => path.posix.dirname(file)))];
  const findings = await Promise.all(folders.map((folder) => compare(root, folder)));
  return { findings: findings.flat(), note: `${folders.length} pairs` };
};

async function compare(root: string, folder: string): Promise<Finding[]> {
  const [chinese, english] = await Promise.all(
    LANGUAGES.map((language) => texts(root, `${folder}/${language}.json`)),
  );
  if (!chinese || !english) {
    return [{ rule: 'translation-file-missing', file: folder, message: `needs ${LANGUAGES.join(' and ')}` }];
  }
  const keys = [...new Set([...chinese.keys(), ...english.keys()])];
  return keys.flatMap((key) => judge(folder, key, [chinese.get(key), english.get(key)]));
}

function judge(folder: string, key: string, both: readonly (string | undefined)[]): Finding[] {
  for (const [index, text] of both.entries()) {
    const file = `${folder}/${LANGUAGES[index]}.json`;
    if (text === undefined) return [{ rule: 'translation-key-missing', file, message: key }];
    if (text.trim() === '') return [{ rule: 'translation-empty', file, message: key }];
  }
  const [first, second] = both.map((text) => (text?.match(PLACEHOLDER) ?? []).sort().join(' '));
  if (first === second) return [];
  return [{ rule: 'translation-placeholders-differ', file: folder, message: key }];
}

/** Nested objects become dotted keys; undefined when the file is missing. */
async function texts(root: string, file: string): Promise<Map<string, string> | undefined> {
  const text = await readFile(path.join(root, file), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  return new Map(flatten(JSON.parse(text) as unknown, ''));
}

function flatten(value: unknown, prefix: string): [string, string][] {
  if (value === null || typeof value !== 'object') return [[prefix, String(value)]];
  return Object.entries(value).flatMap(([key, item]) =>
    flatten(item, prefix === '' ? key : `${prefix}.${key}`),
  );
}
