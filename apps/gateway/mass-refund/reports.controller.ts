import type { ServerResponse } from 'node:http';
import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { MassRefundReport } from '#libs/contracts/contract/mass-refund.js';
import { asId } from '#libs/kernel/ids/index.js';
import type { FileDoor } from '../files/files.controller.js';
import { noSuchFile } from '../files/no-such-file.js';
import { OwnWrites } from '../own-writes.js';
import { FILE_DOOR } from '../tokens.js';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Reports of mass refunds as workbooks, by links that the schema hands out. */
@Controller('files/mass-refunds')
export class MassRefundReportsController {
  constructor(
    @Inject(OwnWrites) private readonly buses: Pick<OwnWrites, 'queries'>,
    @Inject(FILE_DOOR) private readonly door: Pick<FileDoor, 'links' | 'ids'>,
  ) {}

  @Get(':id.xlsx')
  async report(
    @Param('id') id: string,
    @Query('token') token: unknown,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const link = typeof token === 'string' ? this.door.links.open('mass-refund', id, token) : undefined;
    if (!link?.caller) throw noSuchFile();
    const context = { caller: link.caller, correlationId: this.door.ids.next() };
    const language = link.language ?? 'zh-CN';
    const report = await this.buses.queries.execute(
      new MassRefundReport(context, asId<'massRefund'>(id), language),
    );
    if (!report) throw noSuchFile();
    const { fileName, content } = report;
    const plain = fileName.replaceAll(/[^\w.-]/g, '_');
    response.setHeader('content-type', XLSX);
    // RFC 6266: the plain name for old clients, the encoded one for Chinese.
    response.setHeader(
      'content-disposition',
      `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(fileName)}`,
    );
    response.setHeader('cache-control', 'private, no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    response.end(Buffer.from(content.buffer, content.byteOffset, content.byteLength));
  }
}
