import type { Check } from '../check.js';
import { NOTHING_YET } from '../check.js';
import { parseReport, runTool, sourceFolders } from '../tool.js';

interface CruiseReport {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
      readonly cycle?: readonly { readonly name: string }[];
    }[];
  };
}

/** apps → application → domain → kernel, and the borders between contexts. */
export const boundaries: Check = async ({ root }) => {
  const folders = sourceFolders(root);
  if (folders.length === 0) return NOTHING_YET;
  const args = [
    ...folders,
    '--config',
    'infra/quality/dependency-cruiser.config.cjs',
    '--output-type',
    'json',
  ];
  const output = await runTool(root, 'dependency-cruiser/bin/dependency-cruiser.mjs', args);
  const { summary } = parseReport<CruiseReport>('dependency-cruiser', output);
  const findings = summary.violations.map(({ rule, from, to, cycle }) => ({
    rule: rule.name,
    file: from,
    message: cycle ? `cycle: ${[from, ...cycle.map(({ name }) => name)].join(' → ')}` : `imports ${to}`,
  }));
  return { findings, note: `${summary.totalCruised} modules` };
};
