import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { type ContractId, isUuid } from '#libs/kernel/ids/index.js';
import { type Instant, parseInstant } from '#libs/kernel/time/index.js';
import { NotStrictJson, parseStrictJson } from '#libs/signatures/canonical/index.js';
import type { EvidenceStatement } from '../../contract/release-contracts.js';
import { DEEPEST_STATEMENT, MOST_STATEMENT_BYTES } from '../hashes.js';

export type StatementRefusal = Rejection<'INVALID_EVIDENCE' | 'EVIDENCE_TOO_LARGE'>;

const MEMBERS = ['contractId', 'dedupeKey', 'observedAt', 'payload', 'rule', 'schema'];
const RULE = /^[A-Za-z][A-Za-z0-9-]{0,63}$/;
const SCHEMA = /^[a-z][a-zA-Z0-9-]{0,63}\.v[1-9]\d{0,3}$/;
const LONGEST_KEY = 200;
/** Spaces and escapes may make the text longer than its canonical form. */
const MOST_TEXT_BYTES = MOST_STATEMENT_BYTES * 2;

/** A statement as it comes from outside: JSON text without a name twice, of exactly the statement's members. */
export function readStatement(text: string): Outcome<EvidenceStatement, StatementRefusal> {
  try {
    const limits = { maxBytes: MOST_TEXT_BYTES, maxDepth: DEEPEST_STATEMENT };
    return statementOf(parseStrictJson(text, limits));
  } catch (error) {
    if (!(error instanceof NotStrictJson)) throw error;
    return error.reason === 'tooLarge' ? tooLarge() : invalid(error.message);
  }
}

/** Whether a value has a statement's shape; what its payload says is the schema's matter. */
export function statementOf(value: unknown): Outcome<EvidenceStatement, StatementRefusal> {
  if (!isObject(value)) return invalid('A statement is a JSON object.');
  if (Object.keys(value).sort().join() !== MEMBERS.join()) {
    return invalid(`A statement has exactly the members ${MEMBERS.join(', ')}.`);
  }
  const { contractId, dedupeKey, observedAt, payload, rule, schema } = value;
  if (!isText(contractId) || !isUuid(contractId)) return invalid('It names no contract.', 'contractId');
  if (!isText(rule) || !RULE.test(rule)) return invalid('It names no rule.', 'rule');
  if (!isText(schema) || !SCHEMA.test(schema)) return invalid('It names no schema.', 'schema');
  if (!isText(dedupeKey) || dedupeKey === '' || dedupeKey.length > LONGEST_KEY) {
    return invalid(`The key of the unit has 1 to ${LONGEST_KEY} characters.`, 'dedupeKey');
  }
  if (!isText(observedAt) || !isInstant(observedAt)) {
    return invalid(
      'The moment is RFC 3339 in UTC with milliseconds: 2026-09-01T08:00:00.000Z.',
      'observedAt',
    );
  }
  if (!isObject(payload)) return invalid('The payload is a JSON object.', 'payload');
  const named = { contractId: contractId as ContractId, rule, schema, dedupeKey };
  return { accepted: true, value: { ...named, payload, observedAt } };
}

export function invalid(message: string, member?: string): { accepted: false; rejection: StatementRefusal } {
  const path = ['input', 'statement', ...(member === undefined ? [] : [member])];
  return { accepted: false, rejection: { code: 'INVALID_EVIDENCE', message, path } };
}

export function tooLarge(): { accepted: false; rejection: StatementRefusal } {
  const message = `A statement has at most ${MOST_STATEMENT_BYTES} bytes.`;
  const path = ['input', 'statement'];
  const details = { mostBytes: String(MOST_STATEMENT_BYTES) };
  return { accepted: false, rejection: { code: 'EVIDENCE_TOO_LARGE', message, path, details } };
}

const isText = (value: unknown): value is string => typeof value === 'string';

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Only the one writing that compares as text: what is signed is stored as it is. */
function isInstant(text: string): text is Instant {
  try {
    return parseInstant(text) === text;
  } catch {
    return false;
  }
}
