import type { Check, Finding } from '../check.js';
import { parseReport, runTool } from '../tool.js';

interface Item {
  readonly name: string;
  readonly line?: number;
}

type Issues = Readonly<Record<string, readonly Item[] | string | undefined>> & { readonly file: string };

interface KnipReport {
  readonly issues: readonly Issues[];
}

/** Unused files, exports and dependencies, and imports of packages that package.json does not list. */
export const unused: Check = async ({ root }) => {
  const args = [
    '--config',
    'infra/quality/knip.json',
    '--reporter',
    'json',
    '--no-progress',
    '--no-config-hints',
  ];
  const report = parseReport<KnipReport>('knip', await runTool(root, 'knip/bin/knip.js', args));
  return { findings: report.issues.flatMap(findingsOf), note: 'exports and dependencies' };
};

function findingsOf(issues: Issues): Finding[] {
  return Object.entries(issues).flatMap(([kind, items]) => {
    if (!Array.isArray(items)) return [];
    return (items as readonly Item[]).map(({ name, line }) => ({
      rule: `unused/${kind}`,
      file: issues.file,
      line,
      message: name,
    }));
  });
}
