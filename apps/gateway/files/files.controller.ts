import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Get, HttpException, Inject, Param, Put, Query, Req, Res } from '@nestjs/common';
import { type ReceiptDocument, DocumentsOverloaded } from '#libs/documents/port/index.js';
import { FileExists, type FileStore, FileTooLarge } from '#libs/files/port/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { OrganisationById } from '#libs/onboarding/contract/index.js';
import { ReceiptById } from '#libs/payments/contract/index.js';
import type { Ids } from '#libs/runtime/port/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { ImportErrorWorkbook } from '#libs/tuition/contract/index.js';
import { respondJson } from '../http/respond.js';
import { OwnWrites } from '../own-writes.js';
import { FILE_DOOR } from '../tokens.js';
import type { OpenedLink, SignedLinks } from './signed-links.js';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Looks the same for what is forged, expired, foreign or not there. */
const noSuchFile = (): HttpException =>
  new HttpException(
    { code: 'LINK_INVALID', message: '链接无效或已过期。The link is invalid or has expired.' },
    404,
  );

/** What the files come from and go to. */
export interface FileDoor {
  readonly links: SignedLinks;
  readonly files: FileStore;
  readonly receipts: ReceiptDocument;
  readonly ids: Ids;
}

/** Files in and out, by links that the schema hands out. */
@Controller('files')
export class FilesController {
  constructor(
    @Inject(OwnWrites) private readonly buses: Pick<OwnWrites, 'queries'>,
    @Inject(FILE_DOOR) private readonly door: FileDoor,
  ) {}

  /** Streams the body into the store; answers when it is complete and durable. */
  @Put('uploads/:id')
  async upload(
    @Param('id') id: string,
    @Query('token') token: unknown,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const link = this.#open('upload', id, token);
    const maxBytes = link.maxBytes ?? 0;
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
    try {
      const stored = await this.door.files.put(id, request, maxBytes);
      respondJson(response, 201, stored);
    } catch (fault) {
      if (fault instanceof FileTooLarge) throw tooLarge(maxBytes);
      if (fault instanceof FileExists)
        throw new HttpException(
          { code: 'ALREADY_UPLOADED', message: '文件已上传。The file has been uploaded already.' },
          409,
        );
      throw fault;
    }
  }

  @Get('imports/:id/errors.xlsx')
  async errorWorkbook(
    @Param('id') id: string,
    @Query('token') token: unknown,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const workbook = await this.buses.queries.execute(
      new ImportErrorWorkbook(this.#asCaller(this.#open('error-workbook', id, token)), asId<'import'>(id)),
    );
    if (!workbook) throw noSuchFile();
    send(response, {
      type: XLSX,
      fileName: workbook.fileName,
      content: workbook.content,
      disposition: 'attachment',
    });
  }

  @Get('receipts/:id.pdf')
  async receipt(
    @Param('id') id: string,
    @Query('token') token: unknown,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const context = this.#asCaller(this.#open('receipt', id, token));
    const receipt = await this.buses.queries.execute(new ReceiptById(context, id));
    const organisation =
      receipt && (await this.buses.queries.execute(new OrganisationById(context, receipt.organisationId)));
    if (!receipt || !organisation) throw noSuchFile();
    try {
      const { content, mediaType } = await this.door.receipts.render(receipt, organisation);
      send(response, { type: mediaType, fileName: `${receipt.number}.pdf`, content, disposition: 'inline' });
    } catch (fault) {
      if (!(fault instanceof DocumentsOverloaded)) throw fault;
      response.setHeader('retry-after', '2');
      throw new HttpException({ code: 'OVERLOADED', message: '请稍后再试。Please try again shortly.' }, 503);
    }
  }

  #open(purpose: Parameters<SignedLinks['open']>[0], id: string, token: unknown): OpenedLink {
    const link = typeof token === 'string' ? this.door.links.open(purpose, id, token) : undefined;
    if (!link) throw noSuchFile();
    return link;
  }

  #asCaller({ caller }: OpenedLink): RequestContext {
    if (!caller) throw noSuchFile();
    return { caller, correlationId: this.door.ids.next() };
  }
}

function tooLarge(maxBytes: number): HttpException {
  return new HttpException(
    { code: 'FILE_TOO_LARGE', message: `文件过大。The file is larger than ${maxBytes} bytes.` },
    413,
  );
}

interface Sent {
  readonly type: string;
  readonly fileName: string;
  readonly content: Uint8Array;
  readonly disposition: 'attachment' | 'inline';
}

function send(response: ServerResponse, { type, fileName, content, disposition }: Sent): void {
  response.setHeader('content-type', type);
  // RFC 6266: the plain name for old clients, the encoded one for Chinese.
  const plain = fileName.replaceAll(/[^\w.-]/g, '_');
  response.setHeader(
    'content-disposition',
    `${disposition}; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(fileName)}`,
  );
  response.setHeader('cache-control', 'private, no-store');
  response.setHeader('x-content-type-options', 'nosniff');
  response.end(Buffer.from(content.buffer, content.byteOffset, content.byteLength));
}
