import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type GraphQLInputType,
  type GraphQLSchema,
  buildASTSchema,
  extendSchema,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  parse,
} from 'graphql';
import { sdlDocuments } from '#apps/gateway/schema.js';
import { type Person, ShopFloor } from './shop-floor.js';

/** What people, spreadsheets and attackers write where an amount belongs (6-reliability, bad input). */
const BAD_AMOUNTS: readonly (readonly [string, unknown])[] = [
  ['16 digits, beyond what a float can hold', '9007199254740993'],
  ['an exponent', '1e3'],
  ['hexadecimal', '0x10'],
  ['blanks around it', ' 12 '],
  ['full-width digits', '１２'],
  ['minus zero', '-0'],
  ['a plus sign', '+1'],
  ['three decimals', '1.005'],
  ['nothing before the point', '.50'],
  ['nothing after the point', '1.'],
  ['thousands separators', '1,000.00'],
  ['nothing', ''],
  ['a right-to-left mark', '\u200f12.00'],
  ['NUL', '12.00\u0000'],
  ['a JSON number', 12.5],
  ['a JSON number without decimals', 12],
  ['null', null],
  ['an object', { amount: '1.00' }],
];

/**
 * NUL is refused with the whole request, most others with their place in the input; decimals depend on the currency and are
 * looked at after the ids, which are made up here.
 */
const TYPED: ReadonlySet<string> = new Set([
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'INVALID_AMOUNT',
  'INVALID_ID',
  'ORGANISATION_REQUIRED',
]);

type Shape = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];

/** Every mutation with the places of its input where an amount of money belongs. */
function moneyPlaces(schema: GraphQLSchema): readonly { readonly mutation: string; readonly path: Path }[] {
  const fields = Object.values(schema.getMutationType()?.getFields() ?? {});
  return fields.flatMap(({ name, args }) =>
    args.flatMap((arg) => placesIn(arg.type, [arg.name]).map((path) => ({ mutation: name, path }))),
  );
}

function placesIn(type: GraphQLInputType, path: Path): Path[] {
  if (isNonNullType(type)) return placesIn(type.ofType as GraphQLInputType, path);
  if (isListType(type)) return placesIn(type.ofType as GraphQLInputType, [...path, 0]);
  if (!isInputObjectType(type)) return [];
  if (type.name === 'MoneyInput') return [path];
  return Object.values(type.getFields()).flatMap((field) => placesIn(field.type, [...path, field.name]));
}

/** A value that the type takes, with `money` at the path; fields that may be left out and lead nowhere are. */
function shapeOf(type: GraphQLInputType, path: Path, money: unknown): unknown {
  if (isNonNullType(type)) return shapeOf(type.ofType as GraphQLInputType, path, money);
  if (isListType(type)) return [shapeOf(type.ofType as GraphQLInputType, path.slice(1), money)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!isInputObjectType(type)) return SCALARS[type.name] ?? 'x';
  if (type.name === 'MoneyInput') return path.length === 0 ? money : { amount: '1.00' };
  const shape: Record<string, unknown> = {};
  const fields = Object.values(type.getFields());
  // Exactly one of these may be given: the one that leads there, else the first.
  const chosen = type.isOneOf ? (fields.find(({ name }) => name === path[0]) ?? fields[0]) : undefined;
  if (chosen) {
    const rest = chosen.name === path[0] ? path.slice(1) : ['nowhere'];
    return { [chosen.name]: shapeOf(chosen.type, rest, money) };
  }
  for (const field of fields) {
    const leadsThere = field.name === path[0];
    const needed = isNonNullType(field.type) && field.defaultValue === undefined;
    if (leadsThere || needed)
      shape[field.name] = shapeOf(field.type, leadsThere ? path.slice(1) : ['nowhere'], money);
  }
  return shape;
}

const SCALARS: Shape = {
  Int: 1,
  Boolean: true,
  Decimal: '1.00',
  CurrencyCode: 'CNY',
  DateTime: '2026-09-01T00:00:00Z',
  LocalDate: '2026-09-01',
};

const documents = sdlDocuments();
const base = documents.filter(isBase).join('\n');
const rest = documents.filter((document) => !isBase(document)).join('\n');
const schema = extendSchema(buildASTSchema(parse(base), { assumeValidSDL: true }), parse(rest), {
  assumeValidSDL: true,
});
const places = moneyPlaces(schema);

function isBase(document: string): boolean {
  return document.includes('\ntype Mutation\n');
}

describe('amounts that are none', () => {
  let floor: ShopFloor;
  let payer: Person;
  let auditor: Person;
  beforeAll(async () => {
    floor = await ShopFloor.open();
    payer = await floor.person('payer');
    auditor = await floor.person('auditor');
  });
  afterAll(() => floor.close());

  const send = (mutation: string, path: Path, money: unknown) => {
    const { args } = schema.getMutationType()!.getFields()[mutation]!;
    const [input] = args;
    const variables = { [input!.name]: shapeOf(input!.type, path.slice(1), money) };
    return payer.ask<null>(
      `mutation($${input!.name}: ${input!.type.toString()}) { ${mutation}(${input!.name}: $${input!.name}) { __typename } }`,
      variables,
    );
  };

  it('has found the places where money is named', () => {
    const mutations = new Set(places.map(({ mutation }) => mutation));
    for (const known of ['payBills', 'quotePayment', 'requestRefund', 'topUpWallet', 'pushSubWallet'])
      expect(mutations).toContain(known);
    expect(places.length).toBeGreaterThan(15);
  });

  it('are refused at every place with a typed error that says what to do, and nothing is stored', async () => {
    const before = await auditor.get('{ trialBalance { accounts { account } } }');
    const unexpected: unknown[] = [];
    for (const { mutation, path } of places) {
      for (const [what, amount] of BAD_AMOUNTS) {
        const { errors, data } = await send(mutation, path, { amount });
        const [error] = errors ?? [];
        if (!TYPED.has(error?.extensions.code ?? '') || data)
          unexpected.push({ mutation, path, what, errors, data });
      }
      const { errors } = await send(mutation, path, { amount: '1.00', currency: 'ZZZ' });
      if (!errors) unexpected.push({ mutation, path, what: 'a currency that is none' });
    }
    expect(unexpected).toEqual([]);
    expect(await auditor.get('{ trialBalance { accounts { account } } }')).toEqual(before);
  });
});
