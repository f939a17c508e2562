import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Controller, Get, HttpException, Inject, Param, Query, Res } from '@nestjs/common';
import { AccountStatement, AsOfNotProjected } from '#libs/ledger/contract/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { FileDoor } from '../files/files.controller.js';
import { noSuchFile } from '../files/no-such-file.js';
import type { Language } from '../i18n/index.js';
import { OwnWrites } from '../own-writes.js';
import { FILE_DOOR } from '../tokens.js';
import { csvFoot, csvHead, csvLines, type StatementOf, statementOf } from './statement-csv.js';

/** Lines read at once, and pages in one file: 100,000 lines at most. */
const LINES_AT_ONCE = 5_000;
const MOST_PAGES = 20;

/** Statements as CSV, by links that the schema hands out. */
@Controller('files/statements')
export class StatementsController {
  constructor(
    @Inject(OwnWrites) private readonly buses: Pick<OwnWrites, 'queries'>,
    @Inject(FILE_DOOR) private readonly door: Pick<FileDoor, 'links' | 'ids'>,
  ) {}

  @Get(':id.csv')
  async statement(
    @Param('id') id: string,
    @Query('token') token: unknown,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const link = typeof token === 'string' ? this.door.links.open('statement', id, token) : undefined;
    if (!link?.caller) throw noSuchFile();
    const context = { caller: link.caller, correlationId: this.door.ids.next() };
    const of = statementOf(id);
    for await (const text of this.#csv(context, of, link.language ?? 'zh-CN')) {
      if (!response.headersSent) {
        const fileName = `${of.account.replaceAll(/[^\w.-]/g, '_')}.csv`;
        response.setHeader('content-type', 'text/csv; charset=utf-8');
        response.setHeader('content-disposition', `attachment; filename="${fileName}"`);
        response.setHeader('cache-control', 'private, no-store');
        response.setHeader('x-content-type-options', 'nosniff');
      }
      if (response.destroyed) return;
      if (!response.write(text)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
    response.end();
  }

  async *#csv(context: RequestContext, of: StatementOf, language: Language): AsyncGenerator<string> {
    let after: string | undefined;
    for (let page = 1; ; page += 1) {
      const view = await this.#page(context, of, after);
      if (page === 1) yield csvHead(language, view);
      const { items, hasNextPage } = view.lines;
      yield csvLines(items.map(({ item }) => item));
      if (!hasNextPage || page === MOST_PAGES) return yield csvFoot(language, view, !hasNextPage);
      after = items.at(-1)?.cursor;
    }
  }

  async #page(context: RequestContext, of: StatementOf, after: string | undefined) {
    const page = { first: LINES_AT_ONCE, ...(after === undefined ? {} : { after }) };
    try {
      const view = await this.buses.queries.execute(new AccountStatement(context, { ...of, page }));
      if (view) return view;
    } catch (fault) {
      if (!(fault instanceof AsOfNotProjected)) throw fault;
      throw new HttpException({ code: 'AS_OF_NOT_PROJECTED', message: fault.message }, 409);
    }
    throw noSuchFile();
  }
}
