import {
  buildASTSchema,
  getNamedType,
  type GraphQLField,
  GraphQLObjectType,
  isLeafType,
  isUnionType,
  parse,
} from 'graphql';
import { sdlDocuments } from '#apps/gateway/schema.js';

/** Ids of one organisation's things, as a client knows them. */
export interface Things {
  readonly organisation: string;
  readonly feeItem: string;
  readonly bill: string;
  readonly openBill: string;
  readonly import: string;
  readonly student: string;
  readonly payment: string;
  readonly receipt: string;
  readonly wallet: string;
  readonly upload: string;
  readonly payerNumber: string;
  readonly payerName: string;
  readonly code: string;
}

const money = { amount: '1.00' };
const key = (): string => `key-${Math.random()}`;

/** How to ask each operation about somebody's things; an operation of the schema that is missing here fails the test. */
export const QUERIES: Readonly<Record<string, (of: Things) => object>> = {
  me: () => ({}),
  organisation: ({ organisation }) => ({ id: organisation }),
  feeItems: ({ organisation }) => ({ organisationId: organisation }),
  bills: ({ organisation }) => ({ organisationId: organisation, first: 5 }),
  bill: ({ bill }) => ({ id: bill }),
  billsToPay: ({ organisation, payerNumber, payerName }) => ({
    input: { organisationId: organisation, payerNumber, payerName },
  }),
  imports: ({ organisation }) => ({ organisationId: organisation, first: 5 }),
  import: (of) => ({ id: of.import }),
  students: ({ organisation }) => ({ organisationId: organisation, first: 5 }),
  wallets: () => ({}),
  payment: ({ payment }) => ({ id: payment }),
  receipt: ({ receipt }) => ({ id: receipt }),
  trialBalance: () => ({}),
  openPayments: () => ({}),
};

export const MUTATIONS: Readonly<Record<string, (of: Things) => object>> = {
  registerOrganisation: ({ code }) => ({ code, nameZh: '改名', nameEn: 'Renamed' }),
  defineFeeItem: ({ organisation }) => ({
    idempotencyKey: key(),
    organisationId: organisation,
    code: `X${Math.random()}`,
    name: 'x',
    category: 'x',
    glCode: '1',
  }),
  createUpload: ({ organisation }) => ({ organisationId: organisation, fileName: 'x.csv' }),
  startImport: ({ upload }) => ({ idempotencyKey: key(), uploadId: upload }),
  issueBills: (of) => ({ idempotencyKey: key(), importId: of.import }),
  cancelImport: (of) => ({ importId: of.import }),
  cancelBill: ({ openBill }) => ({ idempotencyKey: key(), billId: openBill, reason: 'x' }),
  // The sum is right: nothing but the caller may be what it is refused for.
  payBills: ({ openBill, wallet }) => ({
    idempotencyKey: key(),
    bills: [{ billId: openBill }],
    expectedTotal: { amount: '1200.00' },
    method: { wallet: { walletId: wallet } },
  }),
  openWallet: () => ({ idempotencyKey: key() }),
  topUpWallet: ({ wallet }) => ({ idempotencyKey: key(), walletId: wallet, amount: money }),
  eraseStudentData: ({ student }) => ({ studentId: student }),
};

/** The same over the counter. */
export const payInCash = (of: Things): object => ({
  ...MUTATIONS['payBills']?.(of),
  method: { cash: { tendered: { amount: '1200.00' } } },
});

const schema = buildASTSchema(parse(sdlDocuments().join('\n')));
type Field = GraphQLField<unknown, unknown>;

export const queryFields = (): readonly Field[] => Object.values(schema.getQueryType()?.getFields() ?? {});
export const mutationFields = (): readonly Field[] =>
  Object.values(schema.getMutationType()?.getFields() ?? {});
export const subscriptionFields = (): readonly Field[] =>
  Object.values(schema.getSubscriptionType()?.getFields() ?? {});

/** Costly or endless below others, and reachable from the root by themselves. */
const NOT_FOLLOWED = new Set(['organisation', 'bill', 'payments', 'edges', 'totals']);

/** Everything a type has, down to a depth; so that whatever could leak is asked for. */
function everythingOf(type: GraphQLObjectType, depth: number): string {
  const parts = Object.values(type.getFields()).map((field) => {
    const named = getNamedType(field.type);
    if (isLeafType(named)) return field.name;
    if (!(named instanceof GraphQLObjectType) || depth === 0 || NOT_FOLLOWED.has(field.name)) return '';
    const page = field.args.some(({ name }) => name === 'first') ? '(first: 5)' : '';
    return `${field.name}${page} { ${everythingOf(named, depth - 1)} }`;
  });
  return `__typename ${parts.join(' ')}`;
}

/** A document that asks an operation for all it can say, with its arguments as variables. */
export function documentOf(kind: 'query' | 'mutation' | 'subscription', field: Field, given: object): string {
  const args = field.args.filter(({ name }) => name in given);
  const declared = args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const passed = args.map(({ name }) => `${name}: $${name}`).join(', ');
  const type = getNamedType(field.type);
  const selection = isUnionType(type)
    ? `__typename ... on Rejection { code }`
    : everythingOf(type as GraphQLObjectType, kind === 'subscription' ? 1 : 3);
  return `${kind} Q${declared && `(${declared})`} { ${field.name}${passed && `(${passed})`} { ${selection} } }`;
}

/** Name of the type that says "done". */
export function successOf(field: Field): string {
  const type = getNamedType(field.type);
  if (!isUnionType(type)) throw new Error(`${field.name} has no union.`);
  const [success] = type
    .getTypes()
    .filter((member) => !member.getInterfaces().some(({ name }) => name === 'Rejection'));
  return success?.name ?? '';
}
