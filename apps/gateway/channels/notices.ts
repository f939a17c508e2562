import type { NoticeDoor } from '#libs/channels/notices/door.js';
import { NOTICES_PATH, noticeHandler } from '#libs/channels/notices/http.js';
import type { Route } from '../http/front-door.js';

/** POST /channels/operator/notices: beside Express, because the signature is of the raw bytes. */
export function noticeRoute(door: NoticeDoor): Route {
  return { prefix: NOTICES_PATH, methods: ['POST'], handle: noticeHandler(door) };
}
