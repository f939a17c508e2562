import type { Check } from '../check.js';
import { parseReport, runTool } from '../tool.js';

interface OxlintReport {
  readonly number_of_files: number;
  readonly diagnostics: readonly {
    readonly message: string;
    readonly code?: string;
    readonly filename: string;
    readonly labels: readonly { readonly span: { readonly line: number } }[];
  }[];
}

/** oxlint with .oxlintrc.json: limits of size, `any`, focused tests and its own correctness rules. */
export const lint: Check = async ({ root }) => {
  const output = await runTool(root, 'oxlint/bin/oxlint', [
    '--config',
    '.oxlintrc.json',
    '--format',
    'json',
    '.',
  ]);
  const report = parseReport<OxlintReport>('oxlint', output);
  const findings = report.diagnostics.map((diagnostic) => ({
    rule: diagnostic.code ?? 'syntax',
    file: diagnostic.filename.replaceAll('\\', '/'),
    line: diagnostic.labels[0]?.span.line,
    message: diagnostic.message,
  }));
  return { findings, note: `${report.number_of_files} files` };
};
