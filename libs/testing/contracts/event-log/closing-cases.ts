import { expect, it } from '@jest/globals';
import { AppendOutcomeUnknown, LogClosed } from '#libs/event-log/port/index.js';
import { closeAfterEach } from '../../close-after-each.js';
import { collect, event, events, failureOf, idsOf, type EventLogDoor } from './door.js';
import { Subscriber } from './subscriber.js';

/** These close the log, so each gets one of its own. */
export function closingCases(openDoor: () => Promise<EventLogDoor>): void {
  const closing = closeAfterEach();
  const open = async (): Promise<EventLogDoor> => closing(await openDoor());
  const unique = (): string => `closing${event().id}`;

  it('answers a ping while open', async () => {
    const door = await open();
    await door.log.ping();
  });

  it('finishes the appends under way, ends subscriptions, then refuses everything', async () => {
    const door = await open();
    const name = unique();
    await door.log.ping();
    const subscriber = new Subscriber(door.log, { after: 'end', filter: { streamPrefixes: [name] } });
    await subscriber.caughtUp();
    const appends = Array.from({ length: 20 }, (_, index) =>
      door.log.append(`${name}-${index}`, 'no-stream', [event()]),
    );
    const closing = door.log.close();
    expect((await Promise.all(appends)).map(({ revision }) => revision)).toEqual(
      Array.from({ length: 20 }, () => 0),
    );
    await closing;
    await door.log.close();
    await subscriber.end();
    const refused = [
      door.log.append(name, 'no-stream', [event()]),
      collect(door.log.readStream(name)),
      collect(door.log.readAll()),
      door.log.lastPosition(),
      door.log.ping(),
      door.log.streamMetadata(name),
      door.log.deleteStream(name, 'any'),
    ];
    for (const promise of refused) expect(await failureOf(promise)).toBeInstanceOf(LogClosed);
    expect(() => new Subscriber(door.log, { after: 'start' })).toThrow(LogClosed);
  });

  it('gives an append that missed its deadline as of unknown outcome, and takes the identical retry', async () => {
    const door = await open();
    const name = unique();
    const given = events(3);
    await door.log.ping();
    const outcome = await door.log
      .append(name, 'no-stream', given, { deadlineMs: 0 })
      .catch((error: unknown) => error);
    // A log may be faster than its clock ticks; if not, this and nothing else is the error.
    if (outcome instanceof Error) {
      expect(outcome).toBeInstanceOf(AppendOutcomeUnknown);
      expect(outcome).toMatchObject({ stored: 'unknown' });
    }
    expect(await door.log.append(name, 'no-stream', given)).toMatchObject({ revision: 2 });
    expect(idsOf(await collect(door.log.readStream(name)))).toEqual(idsOf(given));
  });

  it('finds everything acknowledged again after it was opened anew', async () => {
    const door = await open();
    if (door.reopen) {
      const name = unique();
      const given = events(10);
      const first = await door.log.append(name, 'no-stream', given);
      await door.log.setStreamMetadata(`${name}-meta`, { maxCount: 2 });
      await door.log.append(`${name}-gone`, 'no-stream', events(3));
      await door.log.deleteStream(`${name}-gone`, 2);
      await door.log.append(`${name}-dead`, 'no-stream', events(1));
      await door.log.tombstoneStream(`${name}-dead`, 0);
      const log = await door.reopen();
      expect(idsOf(await collect(log.readStream(name)))).toEqual(idsOf(given));
      expect(await log.append(name, 'no-stream', given)).toEqual(first);
      expect(await log.append(name, 9, events(1))).toMatchObject({ revision: 10 });
      expect(await log.streamMetadata(`${name}-meta`)).toEqual({ maxCount: 2 });
      expect(await log.append(`${name}-gone`, 'no-stream', events(1))).toMatchObject({ revision: 3 });
      expect(await failureOf(log.append(`${name}-dead`, 'any', events(1)))).toMatchObject({
        name: 'StreamTombstoned',
      });
    }
  });
}
