import { expect, it } from '@jest/globals';
import { isUuid } from '#libs/kernel/ids/crockford.js';
import { commandIdFrom } from './command-id.js';

it('gives a reaction repeated after a crash the identical command ids, and every other step another one', () => {
  const event = '0199f0a0-0000-7000-8000-000000000001';
  const other = '0199f0a0-0000-7000-8000-000000000002';
  const ids = [
    commandIdFrom(event, 'reserve'),
    commandIdFrom(event, 'release'),
    commandIdFrom(other, 'reserve'),
    // Not the same text cut elsewhere.
    commandIdFrom(`${event}r`, 'eserve'),
  ];
  expect(new Set(ids).size).toBe(4);
  expect(ids.every(isUuid)).toBe(true);
  expect(commandIdFrom(event, 'reserve')).toBe(ids[0]);
});
