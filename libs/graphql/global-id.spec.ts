import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GraphQLError } from 'graphql';
import { KINDS, type Kind, globalId, localId } from './global-id.js';

const kinds = Object.keys(KINDS) as Kind[];

describe('global ids', () => {
  it('come back as the same kind only', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.constantFrom(...kinds),
        fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme-ascii' }),
        (made, asked, id) => {
          const text = globalId(made, id);
          if (made === asked) expect(localId(asked, text)).toBe(id);
          else expect(() => localId(asked, text)).toThrow(GraphQLError);
        },
      ),
    );
  });

  it('have one spelling', () => {
    const text = globalId('Bill', '42');
    for (const other of [
      `${text}=`,
      `${text}A`,
      text.toLowerCase(),
      ` ${text}`,
      '',
      'b:42',
      'x'.repeat(300),
    ]) {
      expect(() => localId('Bill', other)).toThrow('This is not the id of a Bill.');
    }
  });

  it('start differently for every kind', () => {
    expect(new Set(Object.values(KINDS)).size).toBe(kinds.length);
  });
});
