import type { Check } from '../check.js';
import { runTool } from '../tool.js';

const PATTERN = '**/*.{ts,js,cjs,mjs,json,yml,yaml,graphql}';

/** prettier over everything that .prettierignore does not leave out. */
export const format: Check = async ({ root }) => {
  const cache = ['--cache', '--cache-location', 'dist/.cache/prettier.json'];
  const output = await runTool(root, 'prettier/bin/prettier.cjs', [...cache, '--list-different', PATTERN]);
  // 0: all well; 1: some differ; anything else, or a broken file: the reason is on stderr.
  const differing = output.stdout.split('\n').filter((line) => line !== '');
  const findings = differing.map((file) => ({
    rule: 'prettier',
    file,
    message: 'not formatted: run prettier --write',
  }));
  if (output.code !== 0 && (findings.length === 0 || output.code > 1)) {
    findings.push({ rule: 'prettier', file: '', message: output.stderr.trim() });
  }
  return { findings, note: 'all files' };
};
