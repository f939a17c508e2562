import path from 'node:path';
import type ts from 'typescript';
import type { Finding } from '../check.js';

/** One file of the program together with what a rule needs to judge it. */
export interface Source {
  readonly file: string;
  readonly ast: ts.SourceFile;
  readonly checker: ts.TypeChecker;
}

/** A rule looks at one node; the walk over the tree is shared. */
export type CodeRule = (node: ts.Node, source: Source) => Finding | undefined;

export function findingAt(source: Source, node: ts.Node, rule: string, message: string): Finding {
  const { line } = source.ast.getLineAndCharacterOfPosition(node.getStart(source.ast));
  return { rule, file: source.file, line: line + 1, message };
}

export function relativeName(root: string, fileName: string): string {
  return path.relative(root, fileName).split(path.sep).join('/');
}
