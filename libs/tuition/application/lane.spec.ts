import { describe, expect, it } from '@jest/globals';
import { Lane } from './lane.js';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('lane', () => {
  it('never runs more than its limit, over several lists, in their order', async () => {
    const lane = new Lane(3);
    let now = 0;
    let most = 0;
    const begun: number[] = [];
    const act = async (item: number) => {
      begun.push(item);
      now += 1;
      most = Math.max(most, now);
      await turn();
      now -= 1;
    };
    const first = lane.each([1, 2, 3, 4, 5], act);
    const second = lane.each([6, 7, 8], act);
    await Promise.all([first, second]);
    expect(most).toBe(3);
    expect(begun.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(begun.slice(0, 3)).toEqual([1, 2, 3]);
    expect(await lane.each([], act)).toBeUndefined();
  });

  it('stops a list at its first failure, when what is under way has ended, and gives every place back', async () => {
    const lane = new Lane(2);
    const ended: number[] = [];
    const act = async (item: number) => {
      await turn();
      if (item === 2) throw new Error('two');
      await turn();
      ended.push(item);
    };
    await expect(lane.each([1, 2, 3, 4, 5], act)).rejects.toThrow('two');
    expect(ended.includes(1)).toBe(true);
    expect(ended.includes(5)).toBe(false);
    ended.length = 0;
    await lane.each([6, 7, 8], act);
    expect(ended).toEqual([6, 7, 8]);
    await lane.drained();
  });
});
