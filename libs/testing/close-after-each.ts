import { afterEach } from '@jest/globals';

/** Something a test opened: an engine, a log, a server. */
export interface Closable {
  close(): Promise<void>;
}

/**
 * Call at the top of a `describe`. What is handed to the returned function is closed after the test, also when the test
 * failed half-way: a worker thread left open would keep the test runner from ending.
 */
export function closeAfterEach(): <Opened extends Closable>(opened: Opened) => Opened {
  let all: Closable[] = [];
  afterEach(async () => {
    const opened = all;
    all = [];
    for (const each of opened.reverse()) await each.close();
  });
  return (opened) => {
    all.push(opened);
    return opened;
  };
}
