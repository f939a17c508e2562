import ts from 'typescript';
import { findingAt, type CodeRule, type Source } from './source.js';

/**
 * A switch over a union of literals must name every member, so that a new status or event shows every
 * place that has to decide about it. A `default` that gives up (`throw`, or a call that returns never)
 * is fine anywhere; in domains it is the only kind allowed, because there a silent default loses money.
 */
const RULE = 'exhaustive-switch';
const DOMAIN = /^libs\/[^/]+\/domain\//;

export const exhaustiveSwitch: CodeRule = (node, source) => {
  if (!ts.isSwitchStatement(node)) return undefined;
  const missing = missingMembers(node, source);
  if (missing.length === 0) return undefined;
  const fallback = node.caseBlock.clauses.find(ts.isDefaultClause);
  if (fallback && (!DOMAIN.test(source.file) || givesUp(fallback, source))) return undefined;
  return findingAt(source, node, RULE, `not handled: ${missing.join(', ')}`);
};

function missingMembers(node: ts.SwitchStatement, source: Source): string[] {
  const { checker } = source;
  const type = checker.getTypeAtLocation(node.expression);
  const members = type.isUnion() ? type.types : [type];
  if (!members.every(isLiteral)) return [];
  const handled = new Set(
    node.caseBlock.clauses
      .filter(ts.isCaseClause)
      .flatMap((clause) => unionParts(checker.getTypeAtLocation(clause.expression)))
      .map((part) => checker.typeToString(part)),
  );
  return members.map((member) => checker.typeToString(member)).filter((name) => !handled.has(name));
}

const unionParts = (type: ts.Type): ts.Type[] => (type.isUnion() ? type.types : [type]);

const LITERAL =
  ts.TypeFlags.StringLiteral |
  ts.TypeFlags.NumberLiteral |
  ts.TypeFlags.BigIntLiteral |
  ts.TypeFlags.BooleanLiteral |
  ts.TypeFlags.EnumLiteral |
  ts.TypeFlags.Undefined |
  ts.TypeFlags.Null;

const isLiteral = (type: ts.Type): boolean => (type.flags & LITERAL) !== 0;

function givesUp(clause: ts.DefaultClause, source: Source): boolean {
  const last = lastStatement(clause.statements);
  if (!last) return false;
  if (ts.isThrowStatement(last)) return true;
  const expression =
    ts.isReturnStatement(last) || ts.isExpressionStatement(last) ? last.expression : undefined;
  return !!expression && (source.checker.getTypeAtLocation(expression).flags & ts.TypeFlags.Never) !== 0;
}

function lastStatement(statements: ts.NodeArray<ts.Statement>): ts.Statement | undefined {
  const last = statements.at(-1);
  return last && ts.isBlock(last) ? lastStatement(last.statements) : last;
}
