import { describe, expect, it } from '@jest/globals';
import { floorShare, parseFraction } from './index.js';

describe('fractions', () => {
  it('are read exactly and floored to the minor unit', () => {
    expect(parseFraction('5/10000')).toEqual({ numerator: 5n, denominator: 10_000n });
    expect(floorShare(199_999n, parseFraction('5/10000'))).toBe(99n);
    expect(floorShare(9_007_199_254_740_993n, parseFraction('1/3'))).toBe(3_002_399_751_580_331n);
    expect(floorShare(100n, parseFraction('0/1'))).toBe(0n);
  });

  it.each(['', '5', '0.05', '5/0', '-1/2', '1/2/3', '1 /2', '１/2', '1234567890/1'])('refuse %j', (text) => {
    expect(() => parseFraction(text)).toThrow(expect.objectContaining({ code: 'INVALID_FRACTION' }));
  });
});
