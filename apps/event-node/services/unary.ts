import type { ServerUnaryCall, handleUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { failureOf } from '../wire/failures.js';

/** An asynchronous function as a unary handler: what it throws becomes a status. */
export function unary<Request, Response>(
  handle: (request: Request, call: ServerUnaryCall<Request, Response>) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call: ServerUnaryCall<Request, Response>, reply: sendUnaryData<Response>) => {
    handle(call.request, call).then(
      (response) => reply(null, response),
      (error: unknown) => reply(failureOf(error)),
    );
  };
}

/** Milliseconds the client still waits; undefined when it sent no deadline. */
export function remainingMs(deadline: Date | number): number | undefined {
  const epochMs = typeof deadline === 'number' ? deadline : deadline.getTime();
  return Number.isFinite(epochMs) ? Math.max(1, epochMs - Date.now()) : undefined;
}
