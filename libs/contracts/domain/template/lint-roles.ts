import type { LintFinding } from './findings.js';
import type { Template } from './types.js';
import { conditionsOf, payeesOf, rolesOf } from './walk.js';

/** Unknown and unused roles, roles that somebody must fill, votes that nobody can win. */
export function* lintRoles(template: Template): Generator<LintFinding> {
  const named = new Set<string>();
  for (const { path, role } of rolesOf(template)) {
    named.add(role);
    if (!isRole(role, template)) yield { code: 'UNKNOWN_ROLE', path, message: `There is no role ${role}.` };
  }
  for (const [role, { signs }] of Object.entries(template.roles)) {
    if (named.has(role) || signs) continue;
    yield {
      code: 'UNUSED_ROLE',
      path: `/roles/${role}`,
      message: `Nothing is asked of ${role} and nothing goes to it.`,
    };
  }
  yield* lintSigners(template);
  yield* lintOptional(template);
  yield* lintVotes(template);
}

function* lintSigners({ roles, funding }: Template): Generator<LintFinding> {
  if (!Object.values(roles).some(({ signs }) => signs)) {
    yield { code: 'NOBODY_SIGNS', path: '/roles', message: 'At least one role signs.' };
  } else if (Object.hasOwn(roles, funding.from) && !roles[funding.from]!.signs) {
    const message = 'The role whose money it is signs the terms.';
    yield { code: 'FUNDER_DOES_NOT_SIGN', path: `/roles/${funding.from}`, message };
  }
}

function* lintOptional(template: Template): Generator<LintFinding> {
  const needed = (path: string, role: string, why: string): LintFinding[] =>
    isOptional(role, template)
      ? [{ code: 'OPTIONAL_ROLE_NEEDED', path, message: `${role} is optional, and ${why}.` }]
      : [];
  for (const [role, { signs }] of Object.entries(template.roles)) {
    if (signs) yield* needed(`/roles/${role}`, role, 'signs');
  }
  yield* needed('/funding/from', template.funding.from, 'pays in');
  yield* needed('/end/to', template.end.to, 'is paid at the end');
  for (const [index, rule] of template.rules.entries()) {
    for (const { condition, path } of conditionsOf(rule.when, `/rules/${index}/when`)) {
      if ('claimed' in condition) yield* needed(`${path}/claimed/by`, condition.claimed.by, 'must claim');
    }
    // A claim says itself where its money goes.
    if ('claim' in rule.amount) continue;
    for (const payee of payeesOf(rule)) yield* needed(`/rules/${index}/to`, payee, 'is paid');
  }
}

function* lintVotes(template: Template): Generator<LintFinding> {
  const { dispute, rules } = template;
  yield* lintVote('/dispute/resolve', dispute.resolve, template);
  for (const [index, rule] of rules.entries()) {
    for (const { condition, path } of conditionsOf(rule.when, `/rules/${index}/when`)) {
      if ('approved' in condition) yield* lintVote(`${path}/approved`, condition.approved, template);
    }
  }
  const payees = new Set(rules.filter((rule) => rule.do === 'release').flatMap(payeesOf));
  payees.delete(template.funding.from);
  if (dispute.resolve.of.filter((role) => payees.has(role)).length >= dispute.resolve.k) {
    const message = 'Payees alone could decide every dispute in their own favour.';
    yield { code: 'PAYEE_RESOLVES_DISPUTES', path: '/dispute/resolve', message };
  }
}

function* lintVote(
  path: string,
  { k, of }: { readonly k: number; readonly of: readonly string[] },
  template: Template,
): Generator<LintFinding> {
  const there = of.filter((role) => !isOptional(role, template)).length;
  if (k > of.length) {
    yield { code: 'K_TOO_LARGE', path, message: `${k} of ${of.length} roles can never agree.` };
  } else if (k > there) {
    const message = `${k} must agree, and only ${there} of the roles are sure to be filled.`;
    yield { code: 'OPTIONAL_ROLE_NEEDED', path, message };
  }
}

function isRole(role: string, { roles }: Template): boolean {
  return Object.hasOwn(roles, role);
}

function isOptional(role: string, template: Template): boolean {
  return isRole(role, template) && template.roles[role]!.optional === true;
}
