import { describe, expect, it } from '@jest/globals';
import { CNY, money, posting } from './index.js';

const one = money(CNY, 1n);

describe('posting', () => {
  it.each([
    ['world:topup', 'wallet:3f2a'],
    ['wallet:01890a5d-ac96-774b-bcce-b302099a8057', 'hold:01890a5d-ac96-774b-bcce-b302099a8058'],
    ['hold:p1', 'org:school-1:payable'],
    ['cash:shift_7.2', 'bank:fees'],
  ])('moves money from %s to %s', (source, destination) => {
    expect(posting(source, destination, one)).toEqual({ source, destination, amount: one });
  });

  it.each([
    ['the same ends', 'wallet:a', 'wallet:a', 1n],
    ['nothing', 'wallet:a', 'wallet:b', 0n],
    ['less than nothing', 'wallet:a', 'wallet:b', -1n],
    ['no source', '', 'wallet:b', 1n],
    ['an empty part', 'wallet:', 'wallet:b', 1n],
    ['capitals in the kind', 'Wallet:a', 'wallet:b', 1n],
    ['five parts', 'wallet:a:b:c:d', 'wallet:b', 1n],
    ['a blank', 'wallet:a b', 'wallet:b', 1n],
    ['a line break at the end', 'wallet:a', 'wallet:b\n', 1n],
    ['personal text', 'wallet:学生', 'wallet:b', 1n],
    ['81 characters', `wallet:${'a'.repeat(81)}`, 'wallet:b', 1n],
  ])('refuses %s', (_, source, destination, amount) => {
    expect(() => posting(source, destination, money(CNY, amount))).toThrow(
      expect.objectContaining({ name: 'InvalidInputError', code: 'INVALID_POSTING' }),
    );
  });
});
