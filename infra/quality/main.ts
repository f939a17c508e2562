import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Check, CheckContext, CheckResult, Finding } from './check.js';
import { boundaries } from './checks/boundaries.js';
import { code } from './checks/code.js';
import { eventSchemas } from './checks/event-schemas.js';
import { format } from './checks/format.js';
import { graphqlSchema } from './checks/graphql-schema.js';
import { licences } from './checks/licences.js';
import { lint } from './checks/lint.js';
import { translations } from './checks/translations.js';
import { unused } from './checks/unused.js';

// The longest first, so that the short ones fill the second core meanwhile.
const CHECKS: Readonly<Record<string, Check>> = {
  code,
  boundaries,
  unused,
  format,
  lint,
  'graphql-schema': graphqlSchema,
  'event-schemas': eventSchemas,
  translations,
  licences,
};
const AT_ONCE = 2;
const SHOWN_FINDINGS = 50;

interface Outcome extends CheckResult {
  readonly name: string;
  readonly seconds: number;
}

async function runOne(name: string, check: Check, context: CheckContext): Promise<Outcome> {
  const startedAt = performance.now();
  const result = await check(context).catch((error: unknown) => ({
    findings: [
      { rule: 'check-broke-down', file: '', message: error instanceof Error ? error.message : String(error) },
    ],
    note: 'did not run',
  }));
  return { name, ...result, seconds: (performance.now() - startedAt) / 1000 };
}

async function runAll(
  names: string[],
  context: CheckContext,
  done: (outcome: Outcome) => void,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const queue = [...names];
  const work = async (): Promise<void> => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const check = CHECKS[name];
      if (!check) throw new Error(`unknown check "${name}"; known: ${Object.keys(CHECKS).join(', ')}`);
      const outcome = await runOne(name, check, context);
      outcomes.push(outcome);
      done(outcome);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return outcomes;
}

const place = ({ file, line }: Finding): string => (line === undefined ? file : `${file}:${line}`);

function show({ name, seconds, note, findings }: Outcome): void {
  const verdict = findings.length === 0 ? 'ok  ' : 'FAIL';
  console.log(`${verdict} ${name.padEnd(16)} ${seconds.toFixed(1).padStart(5)} s  ${note}`);
  for (const finding of findings.slice(0, SHOWN_FINDINGS)) {
    console.log(`     ${finding.rule}  ${place(finding)}  ${finding.message.replaceAll('\n', '\n       ')}`);
  }
  if (findings.length > SHOWN_FINDINGS) console.log(`     … and ${findings.length - SHOWN_FINDINGS} more`);
}

/**
 * npm run check [-- --only lint,code] [-- --update] [-- --root <tree>] [-- --json]
 * Exit code 0 when every check found nothing.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      root: { type: 'string', default: '.' },
      update: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const names = values.only?.split(',') ?? Object.keys(CHECKS);
  const context = { root: path.resolve(values.root), update: values.update };
  const startedAt = performance.now();
  const outcomes = await runAll(names, context, values.json ? () => undefined : show);
  const failed = outcomes.filter(({ findings }) => findings.length > 0).map(({ name }) => name);
  if (values.json) console.log(JSON.stringify(outcomes));
  else
    console.log(
      `${failed.length === 0 ? 'all checks passed' : `failed: ${failed.join(', ')}`} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`,
    );
  process.exitCode = failed.length === 0 ? 0 : 1;
}

await main();
