import path from 'node:path';
import ts from 'typescript';
import type { CheckResult, Finding } from '../check.js';
import { ambientAccess } from './ambient.js';
import { floatingPromise } from './promises.js';
import { relativeName, type CodeRule, type Source } from './source.js';
import { exhaustiveSwitch } from './switches.js';

const RULES: readonly CodeRule[] = [ambientAccess, floatingPromise, exhaustiveSwitch];

/** Type errors as tsc reports them, plus the rules that need types. One program serves both: it is the dear part. */
export function inspectCode(root: string): CheckResult {
  const program = openProgram(root);
  const files = program.getSourceFiles().filter((file) => isOurs(root, file));
  const findings = [
    ...typeErrors(root, program),
    ...files.flatMap((ast) =>
      judge({ file: relativeName(root, ast.fileName), ast, checker: program.getTypeChecker() }),
    ),
  ];
  return { findings, note: `${files.length} files` };
}

function openProgram(root: string): ts.Program {
  const configFile = path.join(root, 'tsconfig.json');
  const { config, error } = ts.readConfigFile(configFile, ts.sys.readFile) as {
    config: unknown;
    error?: ts.Diagnostic;
  };
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  const parsed = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const options = { ...parsed.options, noEmit: true, incremental: false, tsBuildInfoFile: undefined };
  return ts.createProgram({ rootNames: parsed.fileNames, options });
}

function isOurs(root: string, file: ts.SourceFile): boolean {
  const name = relativeName(root, file.fileName);
  return !file.isDeclarationFile && !name.startsWith('..') && !name.includes('node_modules/');
}

function typeErrors(root: string, program: ts.Program): Finding[] {
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
    const rule = `TS${diagnostic.code}`;
    if (!diagnostic.file || diagnostic.start === undefined) return { rule, file: '', message };
    const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start);
    return { rule, file: relativeName(root, diagnostic.file.fileName), line: line + 1, message };
  });
}

function judge(source: Source): Finding[] {
  const findings: Finding[] = [];
  const visit = (node: ts.Node): void => {
    if (isTypeOnly(node)) return;
    for (const rule of RULES) {
      const finding = rule(node, source);
      if (finding) findings.push(finding);
    }
    ts.forEachChild(node, visit);
  };
  visit(source.ast);
  return findings;
}

/** `typeof fetch` in a type runs nothing. A class's `extends` clause counts as a type node, but does run. */
function isTypeOnly(node: ts.Node): boolean {
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  return ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node);
}
