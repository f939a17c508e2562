import type { IncomingMessage, ServerResponse } from 'node:http';
import { BodyRefused, readBody } from '../wire/read-body.js';
import type { DoorAnswer, NoticeDoor } from './door.js';

/** Address of the door below the product's public one. */
export const NOTICES_PATH = '/channels/operator/notices';
/** A notice has some hundred bytes. */
const MOST_BYTES = 65_536;

/** The door as a handler of node:http: raw bytes in, JSON out. */
export function noticeHandler(
  door: NoticeDoor,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    void enter(door, request).then(
      (answer) => respond(request, response, answer),
      () => response.destroy(),
    );
  };
}

async function enter(door: NoticeDoor, request: IncomingMessage): Promise<DoorAnswer> {
  const encoding = request.headers['content-encoding'];
  const [type = ''] = (request.headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json' || (encoding !== undefined && encoding !== 'identity'))
    return refused(415, 'UNSUPPORTED_MEDIA_TYPE');
  try {
    const body = await readBody(request, MOST_BYTES);
    return await door.enter({
      method: request.method ?? '',
      target: request.url ?? '',
      headers: request.headers,
      body,
    });
  } catch (fault) {
    if (fault instanceof BodyRefused && fault.reason === 'tooLarge') return refused(413, 'PAYLOAD_TOO_LARGE');
    throw fault;
  }
}

function refused(status: number, code: string): DoorAnswer {
  return { status, headers: {}, body: Buffer.from(JSON.stringify({ code })) };
}

function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: DoorAnswer,
): void {
  // Whoever still sends is not listened to.
  if (!request.complete) response.setHeader('connection', 'close');
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}
