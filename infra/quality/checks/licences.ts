import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { NOTHING_YET, type Check } from '../check.js';

const LOCK = 'package-lock.json';
const ALLOWED =
  /^(?:MIT|MIT-0|Apache-2\.0|BSD|BSD-\d-Clause|ISC|OFL-1\.1|0BSD|BlueOak-1\.0\.0|Unlicense|CC0-1\.0)$/;

const MIT_TEXT = /^\s*(?:The )?MIT License\b[\s\S]*Permission is hereby granted, free of charge/;

interface LockedPackage {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly license?: string;
}

/** Every package that a production install brings carries a licence from the list above. */
export const licences: Check = async ({ root }) => {
  const text = await readFile(path.join(root, LOCK), 'utf8').catch(() => undefined);
  if (text === undefined) return NOTHING_YET;
  const { packages } = JSON.parse(text) as { packages: Record<string, LockedPackage> };
  const production = Object.entries(packages).filter(([name, { dev }]) => name !== '' && !dev);
  const findings = [];
  for (const [name, { license }] of production) {
    const found = license ?? (await declared(root, name));
    if (!isAllowed(found))
      findings.push({ rule: 'licence', file: LOCK, message: `${name}: ${found || 'none stated'}` });
  }
  return { findings, note: `${production.length} production packages` };
};

/** Old packages state `licenses: [{ type }]`, or nothing but the text itself. */
async function declared(root: string, name: string): Promise<string> {
  const read = (file: string): Promise<string> =>
    readFile(path.join(root, name, file), 'utf8').catch(() => '');
  const { license, licenses } = JSON.parse((await read('package.json')) || '{}') as {
    license?: string | { type: string };
    licenses?: { type: string }[];
  };
  const stated = license ?? licenses?.[0];
  if (stated) return typeof stated === 'object' ? stated.type : stated;
  return MIT_TEXT.test(await read('LICENSE')) ? 'MIT' : '';
}

/** An SPDX expression: with OR one allowed choice is enough, with AND every part must be. AND binds closer. */
function isAllowed(expression: string): boolean {
  const choices = expression.replace(/[()]/g, '').split(/\s+OR\s+/);
  return choices.some((choice) => choice.split(/\s+AND\s+/).every((part) => ALLOWED.test(part.trim())));
}
