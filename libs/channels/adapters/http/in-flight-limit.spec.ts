import { describe, expect, it } from '@jest/globals';
import { InFlightLimit } from './in-flight-limit.js';

const never = new AbortController().signal;

function held() {
  const open: (() => void)[] = [];
  const begun: number[] = [];
  const work = (name: number) => () =>
    new Promise<number>((resolve) => {
      begun.push(name);
      open.push(() => resolve(name));
    });
  return { open, begun, work };
}

describe('InFlightLimit', () => {
  it('lets so many work at once, the others in their order, and refuses what is too much', async () => {
    const limit = new InFlightLimit(2, 2);
    const { open, begun, work } = held();
    const runs = [1, 2, 3, 4].map((name) => limit.run(never, work(name)));
    await expect(limit.run(never, work(5))).rejects.toThrow('too many requests wait');
    expect(begun).toEqual([1, 2]);
    open[1]!();
    expect(await runs[1]).toBe(2);
    expect(begun).toEqual([1, 2, 3]);
    open[0]!();
    await runs[0];
    expect(begun).toEqual([1, 2, 3, 4]);
    open[2]!();
    open[3]!();
    await Promise.all(runs);
    const last = limit.run(never, work(6));
    open[4]!();
    expect(await last).toBe(6);
  });

  it('gives the place on when work fails, and begins nothing that has been given up', async () => {
    const limit = new InFlightLimit(1, 8);
    const { open, begun, work } = held();
    const failing = limit.run(never, () => Promise.reject(new Error('no')));
    const control = new AbortController();
    const first = limit.run(never, work(1));
    const givenUp = limit.run(control.signal, work(2));
    await expect(failing).rejects.toThrow('no');
    control.abort(new Error('too late'));
    await expect(givenUp).rejects.toThrow('too late');
    const third = limit.run(never, work(3));
    open[0]!();
    await first;
    open[1]!();
    await third;
    expect(begun).toEqual([1, 3]);
  });
});
