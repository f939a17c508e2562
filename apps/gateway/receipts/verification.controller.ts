import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { VerifyReceipt } from '#libs/payments/contract/index.js';
import { Gateway } from '../gateway.js';
import { clientAddress } from '../http/client-address.js';
import { preferredLanguage } from '../i18n/index.js';
import { OwnWrites } from '../own-writes.js';
import { sendPage } from '../pages/page.js';
import { type Finding, verificationPage } from './verification-page.js';

/** Where the QR code of a receipt leads. Nobody signs in. */
@Controller('verify')
export class VerificationController {
  constructor(
    @Inject(OwnWrites) private readonly buses: Pick<OwnWrites, 'queries'>,
    @Inject(Gateway) private readonly gateway: Pick<Gateway, 'publicTurns'>,
  ) {}

  @Get()
  async typed(
    @Query('code') code: unknown,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    this.#send(request, response, typeof code === 'string' ? await this.#find(request, code) : 'nothing');
  }

  @Get(':code')
  async scanned(
    @Param('code') code: string,
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
  ): Promise<void> {
    this.#send(request, response, await this.#find(request, code));
  }

  async #find(request: IncomingMessage, code: string): Promise<Finding> {
    if (!this.gateway.publicTurns.take(clientAddress(request))) return 'limited';
    return (await this.buses.queries.execute(new VerifyReceipt(code))) ?? 'unknown';
  }

  #send(request: IncomingMessage, response: ServerResponse, finding: Finding): void {
    // The same for what is unknown and what is no code.
    response.statusCode = finding === 'limited' ? 429 : finding === 'unknown' ? 404 : 200;
    if (finding === 'limited') response.setHeader('retry-after', '10');
    response.setHeader('x-robots-tag', 'noindex');
    sendPage(response, verificationPage(finding, preferredLanguage(request.headers['accept-language'])));
  }
}
