import { readFile } from 'node:fs/promises';
import { type Person, settled } from './person.js';

/** What people of a school do, as the scenarios need it again and again. */
export interface Money {
  readonly amount: string;
}
export interface Bill {
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly payer: { readonly number: string; readonly name: string | null };
  readonly outstanding: Money;
  readonly reserved: Money;
}
export interface Import {
  readonly __typename: string;
  readonly id: string;
  readonly state: string;
  readonly rowErrors: number;
  readonly preview: Record<string, unknown> | null;
  readonly result: Record<string, unknown> | null;
}
export interface Payment {
  readonly __typename: string;
  readonly code?: string;
  readonly id: string;
  readonly status: string;
  readonly total: Money;
  readonly change: Money | null;
  readonly receipts: readonly Receipt[];
}
export interface Receipt {
  readonly id: string;
  readonly number: string;
  readonly amountInCapitals: string;
  readonly verificationCode: string;
  readonly pdfUrl: string;
}

export const BILL_FIELDS =
  'id number status payer { number name } outstanding { amount } reserved { amount }';
export const IMPORT_FIELDS =
  'id state rowErrors errorWorkbookUrl preview { rows valid faulty added changed unchanged paid removed amountAdded { amount } studentsAdded } result { issued amended unchanged refused }';
const PAYMENT_FIELDS =
  '... on Payment { id status total { amount } change { amount } receipts { id number amountInCapitals verificationCode pdfUrl } }';

export const FEE_ITEMS = [
  ['TUITION', '学费'],
  ['DORM', '住宿费'],
  ['BOOK', '书本费'],
  ['MEAL', '伙食费'],
] as const;

/** BD brings the school, its bursar defines what it charges for. @returns the organisation's id */
export async function openSchool(bd: Person, bursar: Person, code: string): Promise<string> {
  const organisation = await bd.act<{ readonly id: string }>(
    'registerOrganisation',
    { code, nameZh: `示范学校 ${code}`, nameEn: `Demo school ${code}` },
    '... on Organisation { id }',
  );
  await settled(
    () => bursar.get<{ readonly code: string } | null>('{ organisation { code } }'),
    (found) => found?.code === code,
  );
  for (const [item, name] of FEE_ITEMS) {
    await bursar.act(
      'defineFeeItem',
      { idempotencyKey: `${code}-${item}`, code: item, name, category: '学费', glCode: '4001' },
      '... on FeeItem { id }',
    );
  }
  await settled(
    () => bursar.get<readonly unknown[]>('{ feeItems { id } }'),
    (items) => items.length === FEE_ITEMS.length,
  );
  return organisation.id;
}

export async function sample(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(new URL(`../samples/${name}`, import.meta.url)));
}

/** Uploads a workbook and waits until it has been checked. */
export async function handIn(
  bursar: Person,
  content: Uint8Array<ArrayBuffer>,
  fileName: string,
): Promise<Import> {
  const upload = await bursar.act<{ readonly id: string; readonly url: string }>(
    'createUpload',
    { fileName },
    '... on Upload { id url maxBytes expiresAt }',
  );
  const stored = await fetch(upload.url, { method: 'PUT', body: content });
  if (stored.status !== 201) throw new Error(`PUT ${stored.status}: ${await stored.text()}`);
  const started = await bursar.act<Import>(
    'startImport',
    { idempotencyKey: `start-${upload.id}`, uploadId: upload.id },
    `... on Import { ${IMPORT_FIELDS} }`,
  );
  if (started.__typename !== 'Import') throw new Error(JSON.stringify(started));
  return importWhen(bursar, started.id, 'CHECKED');
}

export async function importWhen(bursar: Person, id: string, state: string): Promise<Import> {
  const ask = () =>
    bursar.get<Import>(`query I($id: ID!) { import(id: $id) { __typename ${IMPORT_FIELDS} } }`, { id });
  return settled(ask, (found) => found.state === state || found.state === 'FAILED');
}

/** The three clicks: drop, review, publish. */
export async function publish(bursar: Person, checked: Import): Promise<Import> {
  const input = { idempotencyKey: `issue-${checked.id}`, importId: checked.id };
  const begun = await bursar.act<Import>('issueBills', input, `... on Import { ${IMPORT_FIELDS} }`);
  if (begun.__typename !== 'Import') throw new Error(JSON.stringify(begun));
  return importWhen(bursar, checked.id, 'PUBLISHED');
}

export async function billOf(bursar: Person, payerNumber: string): Promise<Bill> {
  const ask = () =>
    bursar.get<{ readonly nodes: readonly Bill[] }>(
      `query B($filter: BillFilter) { bills(filter: $filter) { nodes { ${BILL_FIELDS} } } }`,
      { filter: { payerNumber } },
    );
  const { nodes } = await settled(ask, (found) => found.nodes.length > 0);
  return nodes[0] as Bill;
}

/** Opens a wallet and fills it. @returns its id */
export async function walletWith(payer: Person, amount: string): Promise<string> {
  const wallet = await payer.act<{ readonly id: string }>(
    'openWallet',
    { idempotencyKey: 'open' },
    '... on Wallet { id }',
  );
  const filled = await payer.act<{ readonly available: Money }>(
    'topUpWallet',
    { idempotencyKey: `top-up-${amount}`, walletId: wallet.id, amount: { amount } },
    '... on Wallet { id available { amount } }',
  );
  if (!filled.available) throw new Error(JSON.stringify(filled));
  return wallet.id;
}

export interface PaymentAct {
  readonly key: string;
  readonly bills: readonly string[];
  readonly total: string;
  readonly method: object;
}

export function pay(person: Person, { key, bills, total, method }: PaymentAct): Promise<Payment> {
  const input = {
    idempotencyKey: key,
    bills: bills.map((billId) => ({ billId })),
    expectedTotal: { amount: total },
    method,
  };
  return person.act<Payment>('payBills', input, PAYMENT_FIELDS);
}

export const byWallet = (walletId: string): object => ({ wallet: { walletId } });
export const inCash = (tendered: string): object => ({ cash: { tendered: { amount: tendered } } });
