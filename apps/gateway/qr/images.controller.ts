import type { ServerResponse } from 'node:http';
import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { asId } from '#libs/kernel/ids/index.js';
import { MerchantCodeById } from '#libs/payments/contract/index.js';
import type { FileDoor } from '../files/files.controller.js';
import { noSuchFile } from '../files/no-such-file.js';
import { OwnWrites } from '../own-writes.js';
import { FILE_DOOR } from '../tokens.js';
import { pngOf, svgOf } from './draw-code.js';

/** Merchants' codes as pictures, by links that the schema hands out. */
@Controller('files/codes')
export class CodeImagesController {
  constructor(
    @Inject(OwnWrites) private readonly buses: Pick<OwnWrites, 'queries'>,
    @Inject(FILE_DOOR) private readonly door: FileDoor,
  ) {}

  @Get(':id.svg')
  async svg(
    @Param('id') id: string,
    @Query('token') token: unknown,
    @Res() response: ServerResponse,
  ): Promise<void> {
    send(response, 'image/svg+xml', Buffer.from(await svgOf(await this.#contentOf(id, token))));
  }

  @Get(':id.png')
  async png(
    @Param('id') id: string,
    @Query('token') token: unknown,
    @Res() response: ServerResponse,
  ): Promise<void> {
    send(response, 'image/png', pngOf(await this.#contentOf(id, token)));
  }

  async #contentOf(id: string, token: unknown): Promise<string> {
    const link = typeof token === 'string' ? this.door.links.open('merchant-code', id, token) : undefined;
    if (!link?.caller) throw noSuchFile();
    const context = { caller: link.caller, correlationId: this.door.ids.next() };
    const code = await this.buses.queries.execute(new MerchantCodeById(context, asId<'qrCode'>(id)));
    if (!code) throw noSuchFile();
    return code.content;
  }
}

function send(response: ServerResponse, type: string, picture: Uint8Array): void {
  response.setHeader('content-type', type);
  response.setHeader('cache-control', 'private, no-store');
  response.setHeader('x-content-type-options', 'nosniff');
  // A picture alone: nothing in it may run or load.
  response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
  response.end(picture);
}
