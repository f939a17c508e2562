import { globalId } from '#libs/graphql/global-id.js';
import { DEMO_HIGH_SCHOOL, DEMO_PRIMARY_SCHOOL } from '#libs/security/adapters/demo/demo-directory.js';
import { mintDemoToken } from '#libs/security/adapters/issuer/demo-token.js';
import { LESSONS } from './contract-terms.js';
import type { GraphqlClient } from './graphql.js';
import { pause } from './product.js';

/** Whoever the harness acts for; tokens are made from the product's own keys in the data folder. */
export interface Tokens {
  readonly bursar: string;
  readonly bd: string;
  readonly clerk: string;
  readonly auditor: string;
  readonly supervisor: string;
  /** Global id of the school that is paid. */
  readonly schoolId: string;
  /** A second institution, which watches over contracts. */
  readonly bureau: string;
  readonly bureauId: string;
  readonly payers: readonly { readonly token: string; readonly account: string }[];
}

export interface Bill {
  readonly id: string;
  /** `"12.05"`, all that is to be paid. */
  readonly amount: string;
}

export interface Purse {
  readonly token: string;
  /** Whose it is. */
  readonly account: string;
  readonly walletId: string;
}

const SHANGHAI_MS = 8 * 3_600_000;
const WALLETS_PER_PAYER = 32;
/**
 * Bills are of one fen to three yuan, so that a wallet lasts for thousands of payments, and so that every hundredth amount
 * is one of those by which the bank misbehaves. A few are above what goes back without a second person.
 */
const LARGEST_BILL_FEN = 300;
const LARGE_BILL_EVERY = 40;
const LARGE_BILL_FEN = 60_000;
const TOP_UP = '20000.00';
const IMPORT_POLL_MS = 50;
const IMPORT_PATIENCE_MS = 120_000;

export async function tokensOf(dataDir: string, port: number): Promise<Tokens> {
  const token = (username: string): Promise<string> =>
    mintDemoToken(username, { dataDir, port, lifetimeSeconds: 86_400 });
  return {
    bursar: await token('bursar'),
    bd: await token('bd'),
    clerk: await token('clerk'),
    auditor: await token('auditor'),
    supervisor: await token('supervisor'),
    schoolId: globalId('Organisation', DEMO_HIGH_SCHOOL.id),
    bureau: await token('bursar1'),
    bureauId: globalId('Organisation', DEMO_PRIMARY_SCHOOL.id),
    payers: [
      { token: await token('payer'), account: 'demo-payer' },
      { token: await token('payer2'), account: 'demo-payer2' },
    ],
  };
}

/** A mutation whose success is of one type; asks for `fields` of it. @throws Error on a rejection */
async function act<Success>(
  client: GraphqlClient,
  token: string,
  {
    field,
    success,
    fields = 'id',
    input,
  }: { field: string; success: string; fields?: string; input: unknown },
): Promise<Success> {
  const inputType = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input`;
  const selection = `__typename ... on ${success} { ${fields} } ... on Rejection { code message }`;
  const query = `mutation($input: ${inputType}!) { ${field}(input: $input) { ${selection} } }`;
  const data = await client.ask<Record<string, { __typename: string }>>(token, query, { input });
  const result = data[field];
  if (result?.__typename !== success) throw new Error(`${field}: ${JSON.stringify(result)}`);
  return result as Success;
}

/** A school with one fee item, and wallets with money. Safe to call again. */
export async function openSchool(client: GraphqlClient, tokens: Tokens): Promise<readonly Purse[]> {
  const school = { code: 'school-2', nameZh: '示范高级中学', nameEn: 'Demo High School' };
  await act(client, tokens.bd, { field: 'registerOrganisation', success: 'Organisation', input: school });
  const bureau = { code: 'school-1', nameZh: '示范第一小学', nameEn: 'Demo First Primary School' };
  await act(client, tokens.bd, { field: 'registerOrganisation', success: 'Organisation', input: bureau });
  await act(client, tokens.bd, {
    field: 'publishTemplate',
    success: 'ReleaseTemplate',
    fields: 'templateId',
    input: { document: LESSONS },
  });
  const fee = { code: 'TUITION', name: '学费', category: '学费', glCode: '4001', priority: 1 };
  const input = { idempotencyKey: 'faults-fee', ...fee };
  await act(client, tokens.bursar, { field: 'defineFeeItem', success: 'FeeItem', input });
  await setTerms(client, tokens.bursar);
  const purses: Purse[] = [];
  for (const { token, account } of tokens.payers) {
    for (let index = 0; index < WALLETS_PER_PAYER; index += 1) {
      const label = `purse-${index}`;
      const opening = { idempotencyKey: `open-${label}`, label };
      const { id } = await act<{ id: string }>(client, token, {
        field: 'openWallet',
        success: 'Wallet',
        input: opening,
      });
      purses.push({ token, account, walletId: id });
    }
  }
  return purses;
}

/** In part, and beyond what is due. */
async function setTerms(client: GraphqlClient, token: string): Promise<void> {
  const today = new Date(Date.now() + SHANGHAI_MS).toISOString().slice(0, 10);
  const terms = { partialAllowed: true, advanceAllowed: true };
  await act(client, token, {
    field: 'setBillingTerms',
    success: 'BillingTermsVersion',
    fields: 'setAt',
    input: { idempotencyKey: 'faults-terms', effectiveFrom: today, terms },
  });
}

export async function topUp(client: GraphqlClient, purses: readonly Purse[], key: string): Promise<void> {
  for (const { token, walletId } of purses) {
    const input = { idempotencyKey: `top-up-${key}-${walletId}`, walletId, amount: { amount: TOP_UP } };
    await act(client, token, { field: 'topUpWallet', success: 'Wallet', input });
  }
}

/** Issues `count` bills through an import, as a bursar does. `batch` tells the students of one import from another's. */
export async function issueBills(
  client: GraphqlClient,
  url: string,
  {
    token,
    batch,
    count,
  }: {
    readonly token: string;
    readonly batch: number;
    readonly count: number;
  },
): Promise<void> {
  const fileName = `faults-${batch}.csv`;
  const upload = await act<{ id: string; url: string }>(client, token, {
    field: 'createUpload',
    success: 'Upload',
    fields: 'id url',
    input: { fileName },
  });
  const stored = await fetch(new URL(upload.url, url), { method: 'PUT', body: rosterOf(batch, count) });
  if (!stored.ok) throw new Error(`PUT of ${fileName}: ${stored.status} ${await stored.text()}`);
  const start = { idempotencyKey: `check-${batch}`, uploadId: upload.id, errorPolicy: 'ALL_OR_NOTHING' };
  const { id } = await act<{ id: string }>(client, token, {
    field: 'startImport',
    success: 'Import',
    input: start,
  });
  await reached(client, token, { id, state: 'CHECKED' });
  const publish = { idempotencyKey: `publish-${batch}`, importId: id };
  await act(client, token, { field: 'issueBills', success: 'Import', input: publish });
  await reached(client, token, { id, state: 'PUBLISHED' });
}

function rosterOf(batch: number, count: number): string {
  const rows = Array.from({ length: count }, (_, index) => {
    // Two bills for each student: what is paid beyond the one pays for the other.
    const serial = `${batch}${String(index >> 1).padStart(6, '0')}`;
    const large = index % LARGE_BILL_EVERY === 0 ? LARGE_BILL_FEN : 0;
    const fen = String(large + (index % LARGEST_BILL_FEN) + 1).padStart(3, '0');
    return `2026-2027,${(index & 1) + 1},F${serial},学生${serial},高一,高一（1）班,TUITION,${fen.slice(0, -2)}.${fen.slice(-2)},2099-12-31`;
  });
  return `academicYear,term,studentNo,name,grade,className,feeItem,amount,dueDate\n${rows.join('\n')}\n`;
}

async function reached(
  client: GraphqlClient,
  token: string,
  { id, state }: { readonly id: string; readonly state: string },
): Promise<void> {
  const query =
    'query($id: ID!) { import(id: $id) { state failure { code message } errors(first: 3) { nodes { row code } } } }';
  const until = performance.now() + IMPORT_PATIENCE_MS;
  for (;;) {
    const { import: found } = await client.ask<{ import: { state: string } | null }>(token, query, { id });
    if (found?.state === state) return;
    if (found?.state === 'FAILED' || found?.state === 'CANCELLED' || performance.now() > until) {
      throw new Error(`The import did not become ${state}: ${JSON.stringify(found)}`);
    }
    await pause(IMPORT_POLL_MS);
  }
}

const BILLS = `query($after: String, $filter: BillFilter) {
  bills(first: 250, after: $after, filter: $filter) {
    nodes { id status total { amount } waived { amount } paid { amount } outstanding { amount } reserved { amount } }
    pageInfo { hasNextPage endCursor }
  }
}`;

export interface BillRow {
  readonly id: string;
  readonly status: string;
  readonly total: { readonly amount: string };
  readonly waived: { readonly amount: string };
  readonly paid: { readonly amount: string };
  readonly outstanding: { readonly amount: string };
  readonly reserved: { readonly amount: string };
}

/** Every bill of the school, page by page. */
export async function* billsOf(
  client: GraphqlClient,
  token: string,
  filter: Readonly<Record<string, unknown>> = {},
): AsyncGenerator<BillRow> {
  let after: string | null = null;
  for (;;) {
    const {
      bills,
    }: { bills: { nodes: BillRow[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } } =
      await client.ask(token, BILLS, { after, filter });
    yield* bills.nodes;
    if (!bills.pageInfo.hasNextPage) return;
    after = bills.pageInfo.endCursor;
  }
}

/** Bills that nobody has paid anything of. */
export async function openBills(client: GraphqlClient, token: string): Promise<Bill[]> {
  const open: Bill[] = [];
  for await (const { id, outstanding } of billsOf(client, token, { statuses: ['ISSUED'] })) {
    open.push({ id, amount: outstanding.amount });
  }
  return open;
}
