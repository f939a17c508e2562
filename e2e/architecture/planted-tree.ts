import { execFile } from 'node:child_process';
import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Finding } from '../../infra/quality/check.js';

const PROJECT = path.resolve(import.meta.dirname, '../..');
const FIXTURES = path.join(PROJECT, 'e2e/architecture/fixtures');
/** The real settings, not a copy made for the test: a rule weakened there fails here. */
const SETTINGS = [
  'tsconfig.json',
  '.oxlintrc.json',
  '.prettierrc',
  '.prettierignore',
  'infra/quality/dependency-cruiser.config.cjs',
  'infra/quality/knip.json',
];

export interface Verdict {
  readonly exitCode: number;
  readonly findings: readonly Finding[];
}

/** A temporary copy of the clean tree with the given fixtures laid over it and some files taken away. */
export async function plant(fixtures: readonly string[], without: readonly string[] = []): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'sluice-planted-'));
  for (const fixture of ['clean', ...fixtures])
    await cp(path.join(FIXTURES, fixture), root, { recursive: true });
  for (const file of SETTINGS) await cp(path.join(PROJECT, file), path.join(root, file));
  for (const file of without) await rm(path.join(root, file));
  builtOnce(root);
  await symlink(path.join(PROJECT, 'node_modules'), path.join(root, 'node_modules'), 'dir');
  return root;
}

/** Checks run in a tree that was built: what lies in dist/ must neither be judged nor stand in for a source. */
function builtOnce(root: string): void {
  for (const source of globSync('{libs,apps}/**/*.ts', { cwd: root })) {
    const built = path.join(root, 'dist', source.replace(/\.ts$/, '.js'));
    mkdirSync(path.dirname(built), { recursive: true });
    writeFileSync(built, 'debugger;var unformatted=1');
  }
}

export const uproot = (root: string): Promise<void> => rm(root, { recursive: true, force: true });

/** Runs one check, or all, over a planted tree: the same program that `npm run check` runs. */
export async function check(root: string, only?: string, ...flags: string[]): Promise<Verdict> {
  const program = path.join(PROJECT, 'dist/infra/quality/main.js');
  const args = [program, '--json', '--root', root, ...(only ? ['--only', only] : []), ...flags];
  const { code, stdout, stderr } = await run(args);
  if (!stdout.startsWith('[')) throw new Error(`the check gave no report (code ${code})\n${stderr}`);
  const outcomes = JSON.parse(stdout) as { findings: Finding[] }[];
  return { exitCode: code, findings: outcomes.flatMap(({ findings }) => findings) };
}

function run(args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: PROJECT, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error ? 1 : 0;
      resolve({ code, stdout, stderr });
    });
  });
}
