import ts from 'typescript';
import type { Finding } from '../check.js';
import { findingAt, type CodeRule, type Source } from './source.js';

/**
 * A promise nobody waits for loses its error and outlives its request. `void work()` says that it is
 * meant, `.catch(…)` that its error is taken care of.
 */
const RULE = 'floating-promise';

export const floatingPromise: CodeRule = (node, source) => {
  if (ts.isExpressionStatement(node)) return floats(node.expression, source);
  if (ts.isCallExpression(node)) return asyncForEach(node, source);
  return undefined;
};

function floats(expression: ts.Expression, source: Source): Finding | undefined {
  for (const part of resultsOf(expression)) {
    if (ts.isAwaitExpression(part) || ts.isVoidExpression(part) || isHandled(part)) continue;
    if (isPromise(source.checker.getTypeAtLocation(part), source)) {
      return findingAt(source, part, RULE, 'a promise is neither awaited, nor caught, nor marked with void');
    }
  }
  return undefined;
}

/** The expressions whose value the statement throws away: `a && b()` discards b's. */
function resultsOf(expression: ts.Expression): ts.Expression[] {
  if (ts.isParenthesizedExpression(expression)) return resultsOf(expression.expression);
  if (ts.isConditionalExpression(expression)) {
    return [...resultsOf(expression.whenTrue), ...resultsOf(expression.whenFalse)];
  }
  if (!ts.isBinaryExpression(expression)) return [expression];
  const operator = expression.operatorToken.kind;
  if (operator === ts.SyntaxKind.CommaToken) {
    return [...resultsOf(expression.left), ...resultsOf(expression.right)];
  }
  const isShortCircuit =
    operator === ts.SyntaxKind.AmpersandAmpersandToken ||
    operator === ts.SyntaxKind.BarBarToken ||
    operator === ts.SyntaxKind.QuestionQuestionToken;
  return isShortCircuit ? resultsOf(expression.right) : []; // an assignment keeps its value
}

function isHandled(expression: ts.Expression): boolean {
  if (!ts.isCallExpression(expression) || !ts.isPropertyAccessExpression(expression.expression)) return false;
  const { name, expression: target } = expression.expression;
  if (name.text === 'catch') return expression.arguments.length > 0;
  if (name.text === 'then') return expression.arguments.length > 1;
  return name.text === 'finally' && isHandled(target);
}

function isPromise(type: ts.Type, source: Source): boolean {
  if (type.isUnion()) return type.types.some((part) => isPromise(part, source));
  if (source.checker.isArrayType(type)) {
    return source.checker.getTypeArguments(type as ts.TypeReference).some((part) => isPromise(part, source));
  }
  const then = type.getProperty('then');
  if (!then?.valueDeclaration) return false;
  return source.checker.getTypeOfSymbolAtLocation(then, then.valueDeclaration).getCallSignatures().length > 0;
}

// forEach throws its callback's promises away, so an async callback floats as many times as there are items.
function asyncForEach(node: ts.CallExpression, source: Source): Finding | undefined {
  if (!ts.isPropertyAccessExpression(node.expression) || node.expression.name.text !== 'forEach')
    return undefined;
  const callback = node.arguments[0];
  if (!callback) return undefined;
  const signatures = source.checker.getTypeAtLocation(callback).getCallSignatures();
  if (!signatures.some((signature) => isPromise(signature.getReturnType(), source))) return undefined;
  return findingAt(source, node, RULE, 'forEach does not wait for an async callback: use for … of');
}
