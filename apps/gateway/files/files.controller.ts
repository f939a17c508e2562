import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Get, HttpException, Inject, Param, Put, Query, Req, Res } from '@nestjs/common';
import {
  type ReceiptDocument,
  type ReceiptSlip,
  type SlipFormat,
  DocumentsOverloaded,
} from '#libs/documents/port/index.js';
import { FileExists, type FileStore, FileTooLarge } from '#libs/files/port/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { OrganisationById, type OrganisationView } from '#libs/onboarding/contract/index.js';
import { ReceiptById, type ReceiptView } from '#libs/payments/contract/index.js';
import type { Ids } from '#libs/runtime/port/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { ImportErrorWorkbook } from '#libs/tuition/contract/index.js';
import { respondJson } from '../http/respond.js';
import { OwnWrites } from '../own-writes.js';
import { FILE_DOOR } from '../tokens.js';
import { noSuchFile } from './no-such-file.js';
import type { OpenedLink, SignedLinks } from './signed-links.js';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** What the files come from and go to. */
export interface FileDoor {
  readonly links: SignedLinks;
  readonly files: FileStore;
  readonly receipts: ReceiptDocument;
  readonly slips: ReceiptSlip;
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
    const { receipt, organisation } = await this.#receiptOf(this.#open('receipt', id, token), id);
    try {
      const { content, mediaType } = await this.door.receipts.render(receipt, organisation);
      send(response, { type: mediaType, fileName: `${receipt.number}.pdf`, content, disposition: 'inline' });
    } catch (fault) {
      if (!(fault instanceof DocumentsOverloaded)) throw fault;
      response.setHeader('retry-after', '2');
      throw new HttpException({ code: 'OVERLOADED', message: '请稍后再试。Please try again shortly.' }, 503);
    }
  }

  @Get('receipts/:id/slip')
  async slip(
    @Param('id') id: string,
    @Query('token') token: unknown,
    @Query('format') format: unknown,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const { receipt, organisation } = await this.#receiptOf(this.#open('slip', id, token), id);
    const { content, mediaType } = this.door.slips.render(receipt, organisation, slipFormatOf(format));
    // A picture opened by itself is a page: it may load and run nothing.
    response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    const disposition = mediaType === 'application/vnd.escpos' ? 'attachment' : 'inline';
    const fileName = `${receipt.number}.${EXTENSIONS[slipFormatOf(format)]}`;
    send(response, { type: mediaType, fileName, content, disposition });
  }

  /** Asked for again as the caller the link was made for. */
  async #receiptOf(link: OpenedLink, id: string): Promise<PrintedReceipt> {
    const context = this.#asCaller(link);
    const receipt = await this.buses.queries.execute(new ReceiptById(context, id));
    const organisation =
      receipt && (await this.buses.queries.execute(new OrganisationById(context, receipt.organisationId)));
    if (!receipt || !organisation) throw noSuchFile();
    return { receipt, organisation };
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

interface PrintedReceipt {
  readonly receipt: ReceiptView;
  readonly organisation: OrganisationView;
}

const EXTENSIONS: Readonly<Record<SlipFormat, string>> = { svg: 'svg', text: 'txt', escpos: 'bin' };

function slipFormatOf(format: unknown): SlipFormat {
  if (format === undefined) return 'svg';
  if (format === 'svg' || format === 'text' || format === 'escpos') return format;
  throw new HttpException(
    { code: 'UNKNOWN_FORMAT', message: '格式应为 svg、text 或 escpos。A format is svg, text or escpos.' },
    400,
  );
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
