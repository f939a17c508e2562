import { closeSync, openSync, writeSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { exportLog } from '#apps/cli/export.js';
import { LOG_FILE } from '#apps/cli/open-log.js';
import { SqliteEventLog } from '#libs/event-log/sqlite/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import type { GraphqlClient } from './graphql.js';
import { type Acknowledged, fenOf } from './load.js';
import { billsOf, type Tokens } from './school.js';

/** The file of acknowledgements: each line is written before the answer is used for anything. */
export class AcknowledgementFile {
  readonly #file: number;
  count = 0;

  constructor(readonly path: string) {
    this.#file = openSync(path, 'a');
  }

  write({ paymentId, total, receipts }: Acknowledged): void {
    const line = { paymentId: localId(paymentId), asset: 'CNY/2', amount: String(fenOf(total)), receipts };
    writeSync(this.#file, `${JSON.stringify(line)}\n`);
    this.count += 1;
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** The id inside of a global one, `base64url("p:<id>")`: the log knows nothing of global ids. */
export function localId(globalId: string): string {
  const text = Buffer.from(globalId, 'base64url').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}

/** What the public schema shows of bills and accounts, in the checker's form. */
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
