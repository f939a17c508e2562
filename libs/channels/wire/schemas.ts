import { Ajv2020, type JSONSchemaType, type Schema } from 'ajv/dist/2020.js';
import { GraphQLError } from 'graphql';
import { parseJsonStrictly } from '#libs/graphql/index.js';
import type { WireCredit, WireNotice, WireOperation } from './messages.js';

/** An instant as we write it, and only so: fixed width. */
const INSTANT = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$' } as const;
const MONEY = {
  type: 'object',
  additionalProperties: false,
  required: ['asset', 'amount'],
  properties: {
    asset: { type: 'string', pattern: '^[A-Z]{3}/\\d$' },
    // Minor units, above zero.
    amount: { type: 'string', pattern: '^[1-9]\\d{0,16}$' },
  },
} as const;
const OPERATION_ID = { type: 'string', pattern: '^[A-Za-z]{1,32}-[0-9a-f-]{36}$' } as const;
const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength }) as const;

const OPERATION: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['operationId', 'kind', 'amount', 'purpose', 'expiresAt'],
  properties: {
    operationId: OPERATION_ID,
    kind: { enum: ['collect', 'awaitCredit', 'payout', 'refund'] },
    amount: MONEY,
    account: text(128),
    ofOperation: OPERATION_ID,
    purpose: { type: 'string', maxLength: 140 },
    expiresAt: INSTANT,
  },
};

const NOTICE: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['noticeId', 'operationId', 'outcome', 'amount', 'reference', 'at'],
  properties: {
    noticeId: text(128),
    operationId: OPERATION_ID,
    outcome: { enum: ['succeeded', 'declined', 'returned'] },
    amount: MONEY,
    reference: { type: 'string', maxLength: 128 },
    reason: text(256),
    at: INSTANT,
  },
};

const CREDIT: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['remittanceCode', 'amount'],
  properties: { remittanceCode: text(64), amount: MONEY },
};

/** The body is not what the address takes; the message may be told to whoever signed it. */
export class WireRefused extends Error {
  override readonly name = 'WireRefused';
}

const ajv = new Ajv2020({ strict: true });
const utf8 = new TextDecoder('utf-8', { fatal: true });

export const readOperation = reader<WireOperation>(OPERATION);
export const readNotice = reader<WireNotice>(NOTICE);
export const readCredit = reader<WireCredit>(CREDIT);

function reader<Value>(schema: Schema): (body: Uint8Array) => Value {
  const validate = ajv.compile<Value>(schema as JSONSchemaType<Value>);
  return (body) => {
    const value = parsed(body);
    if (validate(value)) return value;
    const [fault] = validate.errors ?? [];
    throw new WireRefused(`${fault?.instancePath || '/'} ${fault?.message ?? 'is not valid'}`);
  };
}

function parsed(body: Uint8Array): unknown {
  let json: string;
  try {
    json = utf8.decode(body);
  } catch {
    throw new WireRefused('The body is not UTF-8.');
  }
  try {
    return parseJsonStrictly(json);
  } catch (fault) {
    if (fault instanceof GraphQLError) throw new WireRefused(fault.message);
    throw fault;
  }
}
