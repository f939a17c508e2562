import type { TenantId } from '#libs/kernel/ids/index.js';
import { type Asset, currencyOf, formatDecimal } from '#libs/kernel/money/index.js';
import { type Instant, type LocalDate, addDays } from '#libs/kernel/time/index.js';
import { endToEndIdOf } from '../../../port/end-to-end-id.js';
import type { BankStore } from '../store.js';
import { type BookLine, type DayBook, dayBooks, signed } from './book.js';
import { withMistakes } from './mistakes.js';
import { type Element, document, element } from './xml.js';

export interface StatementRequest {
  readonly tenant: TenantId;
  readonly date: LocalDate;
  readonly madeAt: Instant;
}

const FORMATS = {
  'camt.053': { version: 'camt.053.001.08', root: 'BkToCstmrStmt', part: 'Stmt' },
  'camt.054': { version: 'camt.054.001.08', root: 'BkToCstmrDbtCdtNtfctn', part: 'Ntfctn' },
} as const;

/** Sequence numbers count days from here, so that a gap shows. */
const FIRST_DAY_MS = Date.UTC(2020, 0, 1);
const DAY_MS = 86_400_000;

/** The day's book as ISO 20022: camt.053 with balances, camt.054 without. Days are those of Asia/Shanghai. */
export function statementOf(
  store: BankStore,
  request: StatementRequest,
  format: keyof typeof FORMATS,
  mistaken: boolean,
): string {
  const { version, root, part } = FORMATS[format];
  const id = `${format === 'camt.053' ? 'S' : 'N'}${request.date.replaceAll('-', '')}`;
  const books = dayBooks(store, request.tenant, request.date);
  return document(
    element(
      'Document',
      element(root, [
        element('GrpHdr', [
          element('MsgId', `${id}-${mistaken ? 'M' : '0'}`),
          element('CreDtTm', request.madeAt),
        ]),
        ...books.map((book) => {
          const lines = mistaken ? withMistakes(book.lines, request.date) : book.lines;
          return element(part, [
            element('Id', `${id}-${currencyOf(book.asset)}`),
            element('ElctrncSeqNb', String((Date.parse(request.date) - FIRST_DAY_MS) / DAY_MS)),
            element('CreDtTm', request.madeAt),
            element('FrToDt', [
              element('FrDtTm', `${request.date}T00:00:00+08:00`),
              element('ToDtTm', `${addDays(request.date, 1)}T00:00:00+08:00`),
            ]),
            account(request.tenant, book.asset),
            ...(format === 'camt.053' ? balances(book, lines, request.date) : []),
            summary(book.asset, lines),
            ...lines.map((line) => entry(line, book.asset)),
          ]);
        }),
      ]),
      { xmlns: `urn:iso:std:iso:20022:tech:xsd:${version}` },
    ),
  );
}

function account(tenant: TenantId, asset: Asset): Element {
  // Max34Text.
  return element('Acct', [
    element('Id', element('Othr', element('Id', `SANDBOX-${tenant}`.slice(0, 34)))),
    element('Ccy', currencyOf(asset)),
  ]);
}

/** The closing balance is that of the lines shown: the file agrees with itself, also when it is mistaken. */
function balances(
  { asset, opening }: DayBook,
  lines: readonly BookLine[],
  date: LocalDate,
): readonly Element[] {
  const closing = lines.reduce((sum, line) => sum + signed(line), opening);
  return [balance('OPBD', asset, opening, date), balance('CLBD', asset, closing, date)];
}

function balance(code: 'OPBD' | 'CLBD', asset: Asset, value: bigint, date: LocalDate): Element {
  return element('Bal', [
    element('Tp', element('CdOrPrtry', element('Cd', code))),
    ...amountAndDirection(asset, value),
    element('Dt', element('Dt', date)),
  ]);
}

function summary(asset: Asset, lines: readonly BookLine[]): Element {
  const net = lines.reduce((sum, line) => sum + signed(line), 0n);
  const turnover = lines.reduce((sum, line) => sum + line.amount, 0n);
  return element(
    'TxsSummry',
    element('TtlNtries', [
      element('NbOfNtries', String(lines.length)),
      element('Sum', formatDecimal({ asset, amount: turnover })),
      element('TtlNetNtry', [
        element('Amt', formatDecimal({ asset, amount: net < 0n ? -net : net })),
        element('CdtDbtInd', net < 0n ? 'DBIT' : 'CRDT'),
      ]),
    ]),
  );
}

function entry(line: BookLine, asset: Asset): Element {
  const money = amountAndDirection(asset, signed(line));
  const movement = line.direction === 'CRDT' ? ['RCDT', 'DMCT'] : ['ICDT', 'DMCT'];
  return element('Ntry', [
    element('NtryRef', line.number),
    ...money,
    ...(line.isReturn ? [element('RvslInd', 'true')] : []),
    element('Sts', element('Cd', 'BOOK')),
    element('BookgDt', element('DtTm', line.at)),
    element('ValDt', element('DtTm', line.at)),
    element('AcctSvcrRef', line.reference),
    element(
      'BkTxCd',
      element('Domn', [
        element('Cd', 'PMNT'),
        element('Fmly', [element('Cd', movement[0] as string), element('SubFmlyCd', movement[1] as string)]),
      ]),
    ),
    element(
      'NtryDtls',
      element('TxDtls', [
        element('Refs', [
          element('AcctSvcrRef', line.reference),
          element('EndToEndId', endToEndIdOf(line.operationId)),
        ]),
        ...money,
        ...(line.text === '' ? [] : [element('RmtInf', element('Ustrd', line.text))]),
        ...(line.isReturn ? [element('RtrInf', element('Rsn', element('Cd', 'AC04')))] : []),
        element('AddtlTxInf', line.operationId),
      ]),
    ),
  ]);
}

function amountAndDirection(asset: Asset, value: bigint): readonly Element[] {
  return [
    element('Amt', formatDecimal({ asset, amount: value < 0n ? -value : value }), { Ccy: currencyOf(asset) }),
    element('CdtDbtInd', value < 0n ? 'DBIT' : 'CRDT'),
  ];
}
