import { closeSync, openSync, writeSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportLog } from '#apps/cli/export.js';
import { LOG_FILE } from '#apps/cli/open-log.js';
import { SqliteEventLog } from '#libs/event-log/sqlite/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { type ContractAnswer, shownAs } from './contract-acts.js';
import type { GraphqlClient } from './graphql.js';
import { localId } from './acts.js';
import { fenOf } from './money.js';
import { billsOf, type Tokens } from './school.js';

export interface EvidenceFiles {
  readonly log: string;
  readonly acks: string;
  readonly views: string;
  /** Of the bank. */
  readonly effects: string;
  /** Why the product says that something is open. */
  readonly reasons: string;
}

export function evidenceIn(folder: string): EvidenceFiles {
  const file = (name: string): string => join(folder, `${name}.ndjson`);
  return {
    log: file('log'),
    acks: file('acks'),
    views: file('views'),
    effects: file('effects'),
    reasons: file('reasons'),
  };
}

/** The file of acknowledgements: each line is written before the answer is used for anything. */
export class AcknowledgementFile {
  readonly #file: number;
  /** Captured payments alone. */
  captured = 0;

  constructor(readonly path: string) {
    this.#file = openSync(path, 'a');
  }

  write(line: Readonly<Record<string, unknown>>): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
    if (line['kind'] === undefined) this.captured += 1;
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Why the product says that payments are still open, in the checker's form; and how many it lists. */
export async function openReasons(client: GraphqlClient, tokens: Tokens): Promise<readonly OpenRow[]> {
  const { openPayments } = await client.ask<{ readonly openPayments: readonly OpenRow[] }>(
    tokens.auditor,
    '{ openPayments { id channel status reason } }',
  );
  return openPayments.map((row) => ({ ...row, id: `payment-${localId(row.id)}` }));
}

interface OpenRow {
  readonly id: string;
  readonly channel: string;
  readonly status: string;
  readonly reason: string | null;
}

/** What the public schema shows of bills, contracts and accounts, in the checker's form. */
export async function viewRows(client: GraphqlClient, tokens: Tokens): Promise<string[]> {
  const rows: string[] = [];
  for await (const bill of billsOf(client, tokens.bursar)) {
    const fen = (money: { readonly amount: string }): string => String(fenOf(money.amount));
    const { total, waived, paid, outstanding, reserved, status } = bill;
    const figures = {
      total: fen(total),
      waived: fen(waived),
      paid: fen(paid),
      outstanding: fen(outstanding),
      reserved: fen(reserved),
    };
    rows.push(JSON.stringify({ kind: 'bill', id: localId(bill.id), status, ...figures }));
  }
  for await (const row of contractRows(client, tokens)) rows.push(row);
  const { trialBalance } = await client.ask<{ trialBalance: { accounts: readonly AccountRow[] } }>(
    tokens.auditor,
    '{ trialBalance { accounts { account balance { amount } } } }',
  );
  for (const { account, balance } of trialBalance.accounts) {
    const row = {
      kind: 'account',
      tenant: 'demo-bank',
      asset: 'CNY/2',
      account,
      balance: String(fenOf(balance.amount)),
    };
    rows.push(JSON.stringify(row));
  }
  return rows;
}

const CONTRACTS = `query($after: String) {
  releaseContracts(first: 250, after: $after) {
    nodes { number status funded { amount } released { amount } refunded { amount } held { amount } }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface ContractPage {
  readonly nodes: readonly (Required<Pick<ContractAnswer, 'number' | 'status'>> & ContractAnswer)[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** Every contract, page by page. */
async function* contractRows(client: GraphqlClient, tokens: Tokens): AsyncGenerator<string> {
  for (let after: string | null = null; ;) {
    const answer: { releaseContracts: ContractPage } = await client.ask(tokens.auditor, CONTRACTS, { after });
    const { nodes, pageInfo } = answer.releaseContracts;
    for (const node of nodes) {
      // AWAITING_FUNDING is awaitingFunding in the log.
      const status = node.status.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
      yield JSON.stringify({ kind: 'contract', id: node.number, ...shownAs(node), status });
    }
    if (!pageInfo.hasNextPage) return;
    after = pageInfo.endCursor;
  }
}

interface AccountRow {
  readonly account: string;
  readonly balance: { readonly amount: string };
}

/** Exports the log of a stopped product. @returns the number of events */
export async function exportTo(path: string, dataDir: string): Promise<number> {
  const log = await SqliteEventLog.open({ file: `${dataDir}/${LOG_FILE}` }, systemRuntime());
  try {
    await writeFile(path, '');
    const file = openSync(path, 'w');
    try {
      return await exportLog(log, (text) => {
        writeSync(file, text);
        return Promise.resolve();
      });
    } finally {
      closeSync(file);
    }
  } finally {
    await log.close();
  }
}
