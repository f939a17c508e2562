import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { respondJson } from '../http/respond.js';
import { preferredLanguage } from '../i18n/index.js';
import { SERVICE_FACTS } from '../tokens.js';
import { sendPage } from './page.js';
import { type ServiceFacts, landingPage, queryPage, signedInPage } from './pages.js';

const asset = (name: string): string => readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8');

/** What a person sees who opens the address in a browser. */
@Controller()
export class PagesController {
  constructor(@Inject(SERVICE_FACTS) private readonly facts: ServiceFacts) {}

  @Get()
  landing(@Req() request: IncomingMessage, @Res() response: ServerResponse): void {
    sendPage(response, landingPage(this.facts, preferredLanguage(request.headers['accept-language'])));
  }

  /** Queries come by POST; a browser gets a small page to write one. */
  @Get('graphql')
  query(@Req() request: IncomingMessage, @Res() response: ServerResponse): void {
    if (!request.headers.accept?.includes('text/html')) {
      response.setHeader('allow', 'POST');
      const extensions = { code: 'METHOD_NOT_ALLOWED' };
      respondJson(response, 405, {
        errors: [{ message: 'Send operations by POST as application/json.', extensions }],
      });
      return;
    }
    sendPage(response, queryPage(this.facts, preferredLanguage(request.headers['accept-language'])));
  }

  /** Where the issuer sends people back to. */
  @Get('signed-in')
  signedIn(@Req() request: IncomingMessage, @Res() response: ServerResponse): void {
    sendPage(response, signedInPage(preferredLanguage(request.headers['accept-language'])));
  }

  @Get('assets/page.css')
  style(@Res() response: ServerResponse): void {
    response.setHeader('content-type', 'text/css; charset=utf-8');
    response.setHeader('cache-control', 'public, max-age=300');
    response.end(asset('page.css'));
  }

  @Get('assets/page.js')
  script(@Res() response: ServerResponse): void {
    response.setHeader('content-type', 'text/javascript; charset=utf-8');
    response.setHeader('cache-control', 'public, max-age=300');
    response.end(asset('page.js'));
  }
}
