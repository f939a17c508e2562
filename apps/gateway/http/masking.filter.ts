import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Ids } from '#libs/runtime/port/index.js';
import type { FaultLog } from '../explain-error.js';
import { respondJson } from './respond.js';

/** Endpoints beside GraphQL: a code, a sentence, a trace id; never a stack. */
@Catch()
export class MaskingFilter implements ExceptionFilter {
  constructor(
    private readonly ids: Ids,
    private readonly log: FaultLog,
  ) {}

  catch(fault: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<IncomingMessage>();
    const response = http.getResponse<ServerResponse>();
    const traceId = this.ids.next();
    const { status, body } = presented(fault);
    if (status === 500) this.log(traceId, fault);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (!request.complete) response.setHeader('connection', 'close');
    respondJson(response, status, { ...body, traceId });
  }
}

function presented(fault: unknown): { readonly status: number; readonly body: object } {
  if (fault instanceof HttpException) {
    const answer = fault.getResponse();
    const status = fault.getStatus();
    if (typeof answer === 'object' && 'code' in answer) return { status, body: answer };
    return {
      status,
      body: {
        code: status === 404 ? 'NOT_FOUND' : 'BAD_REQUEST',
        message:
          status === 404
            ? '没有这个地址。There is nothing here.'
            : '请求无法处理。The request cannot be understood.',
      },
    };
  }
  // body-parser, path-to-regexp and the like mark what the client did wrong.
  const status =
    typeof fault === 'object' && fault !== null && 'status' in fault ? Number(fault.status) : 500;
  if (status >= 400 && status < 500)
    return {
      status,
      body: { code: 'BAD_REQUEST', message: '请求无法处理。The request cannot be understood.' },
    };
  return {
    status: 500,
    body: { code: 'INTERNAL_SERVER_ERROR', message: '服务出错。Something went wrong on our side.' },
  };
}
