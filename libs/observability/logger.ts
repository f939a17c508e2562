import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Fields that must never reach a log, wherever they stand. */
const REDACTED = ['authorization', 'token', 'password', '*.authorization', '*.token', '*.password'];

/**
 * One JSON object per line on stderr, so that stdout stays for people. Errors and slow requests, not every request: at
 * thousands of requests a second a line each costs more than the request.
 */
export function logger(level: string): Logger {
  return pino(
    { level, redact: REDACTED, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  );
}
