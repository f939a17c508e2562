import ts from 'typescript';
import type { Finding } from '../check.js';
import { isAdapter } from '../adapters.js';
import { findingAt, type CodeRule, type Source } from './source.js';

/**
 * Bans what makes a run unrepeatable outside adapters. It asks the type checker what a name means,
 * so an alias (`import { setTimeout as sleep }`, `const { now } = Date`) is caught and a field of ours
 * that happens to be called `process` is not.
 */
const RULE = 'ambient-access';

const GLOBALS = new Set(['setTimeout', 'setInterval', 'setImmediate', 'process', 'fetch', 'performance']);
const MODULES = /^(?:node:)?(?:process|timers|timers\/promises|perf_hooks)$/;
const CRYPTO = new Set([
  'randomUUID',
  'randomBytes',
  'randomInt',
  'randomFill',
  'randomFillSync',
  'getRandomValues',
]);
const MEMBERS = new Set(['DateConstructor.now', 'Math.random', 'AbortSignal.timeout', 'Performance.now']);
const AMBIENT_FILE = /\/node_modules\/(?:typescript\/lib|@types\/node|undici-types)\//;
const CRYPTO_FILE = /\/(?:@types\/node\/(?:web-globals\/)?crypto|typescript\/lib\/lib\.dom)[^/]*\.d\.ts$/;

export const ambientAccess: CodeRule = (node, source) => {
  if (isAdapter(source.file)) return undefined;
  if (ts.isImportDeclaration(node)) return fromModule(node, source);
  if (ts.isNewExpression(node)) return emptyDate(node, node.arguments?.length ?? 0, source);
  if (ts.isCallExpression(node)) return emptyDate(node, 0, source);
  if (ts.isBindingElement(node)) return taken(node, source);
  if (ts.isIdentifier(node) || ts.isStringLiteral(node)) return named(node, source);
  return undefined;
};

function report(source: Source, node: ts.Node, name: string): Finding {
  const advice = 'it arrives as an argument or through libs/runtime/port';
  return findingAt(source, node, RULE, `${name} outside an adapter: ${advice}`);
}

function fromModule(node: ts.ImportDeclaration, source: Source): Finding | undefined {
  if (!ts.isStringLiteral(node.moduleSpecifier) || node.importClause?.isTypeOnly) return undefined;
  const name = node.moduleSpecifier.text;
  return MODULES.test(name) ? report(source, node, name) : undefined;
}

// `new Date()` and `Date()` read the clock; `new Date(0)` does not.
function emptyDate(
  node: ts.NewExpression | ts.CallExpression,
  given: number,
  source: Source,
): Finding | undefined {
  if (given > 0) return undefined;
  const symbol = resolve(source.checker.getSymbolAtLocation(node.expression), source);
  return symbol?.name === 'Date' && isAmbient(symbol) ? report(source, node, 'new Date()') : undefined;
}

function taken(node: ts.BindingElement, source: Source): Finding | undefined {
  const name = node.propertyName ?? node.name;
  if (!ts.isIdentifier(name)) return undefined;
  const symbol = source.checker.getTypeAtLocation(node.parent).getProperty(name.text);
  const banned = bannedName(symbol);
  return banned === undefined ? undefined : report(source, node, banned);
}

function named(node: ts.Identifier | ts.StringLiteral, source: Source): Finding | undefined {
  if (ts.isStringLiteral(node) && !ts.isElementAccessExpression(node.parent)) return undefined;
  if (isMerelyMentioned(node)) return undefined;
  const banned = bannedName(resolve(source.checker.getSymbolAtLocation(node), source));
  return banned === undefined ? undefined : report(source, node, banned);
}

// The name in `import { x }` or in a destructuring pattern is judged by other cases or by its uses.
function isMerelyMentioned(node: ts.Node): boolean {
  const { parent } = node;
  return ts.isImportSpecifier(parent) || ts.isImportClause(parent) || ts.isBindingElement(parent);
}

function resolve(symbol: ts.Symbol | undefined, source: Source): ts.Symbol | undefined {
  if (!symbol) return undefined;
  return symbol.flags & ts.SymbolFlags.Alias ? source.checker.getAliasedSymbol(symbol) : symbol;
}

const declaredIn = (symbol: ts.Symbol): string[] =>
  (symbol.declarations ?? []).map((declaration) => declaration.getSourceFile().fileName);

const isAmbient = (symbol: ts.Symbol): boolean => {
  const files = declaredIn(symbol);
  return files.length > 0 && files.every((file) => AMBIENT_FILE.test(file));
};

function bannedName(symbol: ts.Symbol | undefined): string | undefined {
  if (!symbol || !isAmbient(symbol)) return undefined;
  if (CRYPTO.has(symbol.name) && declaredIn(symbol).some((file) => CRYPTO_FILE.test(file)))
    return symbol.name;
  const member = `${ownerOf(symbol)}.${symbol.name}`;
  if (MEMBERS.has(member)) return member.replace('Constructor', '');
  return GLOBALS.has(symbol.name) && !isMember(symbol) ? symbol.name : undefined;
}

// `process.on` and a header called `fetch` in some library's type are members of something else.
function isMember(symbol: ts.Symbol): boolean {
  const declaration = symbol.declarations?.[0];
  return !!declaration && (ts.isTypeElement(declaration) || ts.isClassElement(declaration));
}

/** The interface, class or variable that a member is declared in: `declare var AbortSignal: … { timeout(): … }`. */
function ownerOf(symbol: ts.Symbol): string {
  let node: ts.Node | undefined = symbol.declarations?.[0]?.parent;
  while (node && !isNamedOwner(node)) node = node.parent;
  return node?.name && ts.isIdentifier(node.name) ? node.name.text : '';
}

const isNamedOwner = (
  node: ts.Node,
): node is ts.InterfaceDeclaration | ts.ClassDeclaration | ts.VariableDeclaration =>
  ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node) || ts.isVariableDeclaration(node);
