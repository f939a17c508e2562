import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { crc16, crc16Text } from './crc16.js';
import { decodeMerchantQr, encodeMerchantQr, lengthOf, LONGEST_QR, type MerchantQr } from './index.js';

/** EMVCo, Merchant-Presented Mode, the example of the specification: Best Transport, Beijing. */
const PUBLISHED =
  '00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME91320016A0112233449988770708123456786304A13A';

const READ: MerchantQr = {
  initiation: 'dynamic',
  accounts: [
    {
      tag: '29',
      fields: [
        { tag: '00', value: 'D15600000000' },
        { tag: '05', value: 'A93FO3230Q' },
      ],
    },
    {
      tag: '31',
      fields: [
        { tag: '00', value: 'D15600000001' },
        { tag: '03', value: '12345678' },
      ],
    },
  ],
  categoryCode: '4111',
  currencyCode: '156',
  amount: '23.72',
  countryCode: 'CN',
  merchantName: 'BEST TRANSPORT',
  merchantCity: 'BEIJING',
  additional: [
    { tag: '03', value: '1234' },
    { tag: '06', value: '***' },
    { tag: '07', value: 'A6008667' },
    { tag: '09', value: 'ME' },
  ],
  localised: [
    { tag: '00', value: 'ZH' },
    { tag: '01', value: '最佳运输' },
    { tag: '02', value: '北京' },
  ],
  others: [
    { tag: '55', value: '01' },
    { tag: '91', value: '0016A011223344998877070812345678' },
  ],
};

const SEED = 20_260_901;
const digits = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789'), { minLength: length, maxLength: length })
    .map((all) => all.join(''));
const text = (maxLength: number) =>
  fc
    .array(fc.constantFrom(...'ABCxyz 019-.*学费缴北京𠮷'), { minLength: 1, maxLength })
    .map((characters) => characters.join(''));
const fields = (from: number, maxLength: number) =>
  fc
    .uniqueArray(fc.integer({ min: from, max: 12 }), { maxLength: 3 })
    .chain((tags) =>
      fc.tuple(
        ...tags
          .sort((a, b) => a - b)
          .map((tag) => text(maxLength).map((value) => ({ tag: String(tag).padStart(2, '0'), value }))),
      ),
    );
const account = fc.oneof(
  fc.record({
    tag: fc.integer({ min: 2, max: 25 }).map((tag) => String(tag).padStart(2, '0')),
    value: text(10),
  }),
  fc.record({
    tag: fc.integer({ min: 26, max: 51 }).map(String),
    fields: fc.tuple(text(12), fields(1, 10)).map(([owner, rest]) => [{ tag: '00', value: owner }, ...rest]),
  }),
);
const anyQr: fc.Arbitrary<MerchantQr> = fc
  .record({
    initiation: fc.constantFrom('static' as const, 'dynamic' as const, undefined),
    accounts: fc
      .uniqueArray(account, { minLength: 1, maxLength: 3, selector: ({ tag }) => tag })
      .map((all) => all.sort((one, other) => (one.tag < other.tag ? -1 : 1))),
    categoryCode: digits(4),
    currencyCode: digits(3),
    amount: fc.option(
      fc.integer({ min: 1, max: 999_999_999 }).map((fen) => (fen / 100).toFixed(2)),
      { nil: undefined },
    ),
    countryCode: fc.constantFrom('CN', 'ZZ'),
    merchantName: text(25),
    merchantCity: text(15),
    additional: fields(1, 10),
    localised: fields(0, 10),
    others: fc.constantFrom([], [{ tag: '61', value: '100000' }], [{ tag: '80', value: 'x'.repeat(20) }]),
  })
  .map(({ initiation, amount, ...rest }) => ({
    ...(initiation && { initiation }),
    ...rest,
    ...(amount && { amount }),
  }));

/** A text with the right check sum, whatever else is wrong with it. */
function sealed(body: string): string {
  return `${body}6304${crc16Text(`${body}6304`)}`;
}
const reasonOf = (content: string): string | undefined => {
  const read = decodeMerchantQr(content);
  return read.accepted ? undefined : read.rejection.code;
};

describe('CRC-16/CCITT-FALSE', () => {
  it('has the check value of its catalogue entry', () => {
    expect(crc16('123456789')).toBe(0x29b1);
    expect(crc16('')).toBe(0xffff);
  });
});

describe('a merchant-presented code', () => {
  it('reads the example of the specification, Chinese characters counted as one each', () => {
    expect(decodeMerchantQr(PUBLISHED)).toEqual({ accepted: true, value: READ });
    expect(lengthOf('最佳𠮷')).toBe(3);
  });

  it('writes the same again in the order of tags', () => {
    const written = encodeMerchantQr(READ);
    expect([...written].sort().join('').length).toBe(PUBLISHED.length);
    expect(decodeMerchantQr(written)).toEqual({ accepted: true, value: READ });
  });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(anyQr, (qr) => {
        expect(decodeMerchantQr(encodeMerchantQr(qr))).toEqual({ accepted: true, value: qr });
      }),
      { seed: SEED, numRuns: 400 },
    );
  });

  it('is never written so that it could not be read', () => {
    for (const wrong of [
      { merchantName: '' },
      { merchantName: 'x'.repeat(26) },
      { merchantCity: '京'.repeat(16) },
      { amount: '0.00' },
      { amount: '1e3' },
      { accounts: [] },
      { accounts: [READ.accounts[0]!, READ.accounts[0]!] },
      { currencyCode: 'CNY' },
      {
        others: Array.from({ length: 8 }, (_, index) => ({ tag: String(80 + index), value: 'x'.repeat(99) })),
      },
    ]) {
      expect(() => encodeMerchantQr({ ...READ, ...wrong })).toThrow(
        expect.objectContaining({ name: 'InvalidInputError', code: 'INVALID_QR' }),
      );
    }
  });
});

describe('an edited code', () => {
  const alphabet = [...'0123456789ABCDEFabcdef .中'];

  it('is refused for every change of any single character of the example', () => {
    const characters = [...PUBLISHED];
    for (const [at, original] of characters.entries()) {
      for (const other of alphabet) {
        if (other === original) continue;
        const edited = [...characters.slice(0, at), other, ...characters.slice(at + 1)].join('');
        expect({ at, other, accepted: decodeMerchantQr(edited).accepted }).toEqual({
          at,
          other,
          accepted: false,
        });
      }
    }
  });

  it('is refused for a character changed, lost or added, in any code', () => {
    const edit = fc.record({
      at: fc.nat({ max: LONGEST_QR }),
      kind: fc.constantFrom('change', 'lose', 'add'),
      with: fc.constantFrom(...alphabet),
    });
    fc.assert(
      fc.property(anyQr, edit, (qr, { at, kind, with: other }) => {
        const characters = [...encodeMerchantQr(qr)];
        const place = at % characters.length;
        if (kind === 'change') characters[place] = other;
        else characters.splice(place, kind === 'lose' ? 1 : 0, ...(kind === 'add' ? [other] : []));
        const edited = characters.join('');
        fc.pre(edited !== encodeMerchantQr(qr));
        expect(decodeMerchantQr(edited).accepted).toBe(false);
      }),
      { seed: SEED, numRuns: 1_000 },
    );
  });
});

describe('what is not as it must be', () => {
  const GOOD = '0002010102112609000512345520441115303156540510.005802CN5904SHOP6002BJ';
  const without = (part: string): string => sealed(GOOD.replace(part, ''));

  it('is read when nothing is wrong', () => {
    expect(reasonOf(sealed(GOOD))).toBeUndefined();
  });

  it.each([
    ['an empty text', '', 'NOT_EMV'],
    ['a link', 'https://pay.sluice.invalid/x', 'NOT_EMV'],
    ['another version', sealed(GOOD.replace('000201', '000202')), 'NOT_EMV'],
    ['the version not in front', sealed(GOOD.slice(6) + GOOD.slice(0, 6)), 'NOT_EMV'],
    ['no check sum', GOOD, 'CRC_MISSING'],
    ['a wrong check sum', `${GOOD}63040000`, 'CRC_WRONG'],
    [
      'a check sum in small letters',
      sealed(GOOD).replace(/.{4}$/, (crc) => crc.toLowerCase()),
      'CRC_MISSING',
    ],
    ['a check sum that is not last', `${sealed(GOOD)}6102xx`, 'CRC_MISSING'],
    ['two check sums', sealed(sealed(GOOD)), 'TAG_REPEATED'],
    ['a length beyond the end', sealed(GOOD.replace('6002BJ', '6099BJ')), 'TLV_OVERRUN'],
    [
      'a length beyond the end of a template',
      sealed(GOOD.replace('2609000512345', '2609009912345')),
      'TLV_OVERRUN',
    ],
    ['a length that is no number', sealed(GOOD.replace('6002BJ', '60+2BJ')), 'TLV_MALFORMED'],
    ['full-width digits', sealed(GOOD.replace('6002BJ', '60０２BJ')), 'TLV_MALFORMED'],
    ['an empty value', sealed(GOOD.replace('5904SHOP', '5900')), 'TLV_MALFORMED'],
    ['half an object', sealed(`${GOOD}6`), 'TLV_MALFORMED'],
    ['a tag twice', sealed(`${GOOD}5904SHOP`), 'TAG_REPEATED'],
    ['a tag twice in a template', sealed(`${GOOD}62120102AA0102BB`), 'TAG_REPEATED'],
    ['no merchant account', without('2609000512345'), 'TAG_MISSING'],
    ['an account of nobody', sealed(GOOD.replace('2609000512345', '2609010512345')), 'TAG_MISSING'],
    ['no category', without('52044111'), 'TAG_MISSING'],
    ['no currency', without('5303156'), 'TAG_MISSING'],
    ['no country', without('5802CN'), 'TAG_MISSING'],
    ['no name', without('5904SHOP'), 'TAG_MISSING'],
    ['no city', without('6002BJ'), 'TAG_MISSING'],
    ['a currency in letters', sealed(GOOD.replace('5303156', '5303CNY')), 'BAD_VALUE'],
    ['a third kind of code', sealed(GOOD.replace('010211', '010213')), 'BAD_VALUE'],
    ['a control character', sealed(GOOD.replace('SHOP', 'SH\u0000P')), 'NOT_TEXT'],
    ['half a surrogate pair', GOOD.replace('SHOP', 'SH\ud800P'), 'NOT_TEXT'],
    ['513 characters', 'x'.repeat(513), 'OVERSIZE'],
    ['4 KB that are well formed', sealed(GOOD + '8099'.padEnd(4_096, 'x')), 'OVERSIZE'],
  ])('%s', (_name, content, reason) => {
    expect(reasonOf(content)).toBe(reason);
  });

  it.each([
    '0',
    '0.00',
    '-1.00',
    '+1',
    '1e3',
    '1,00',
    '01.00',
    '1.',
    '.5',
    '1.2.3',
    '１２',
    '99999999999.00',
    ' 1',
  ])('an amount of %j', (amount) => {
    const field = `54${String([...amount].length).padStart(2, '0')}${amount}`;
    expect(reasonOf(sealed(GOOD.replace('540510.00', field)))).toBe('BAD_AMOUNT');
  });

  it('is refused, never thrown, for any text whatever', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 600 }),
      fc
        .string({ unit: fc.constantFrom(...'0123456789'), maxLength: 80 })
        .map((body) => sealed(`000201${body}`)),
      fc.string({ unit: fc.constantFrom(...'0126中'), maxLength: 80 }).map((body) => sealed(GOOD + body)),
    );
    fc.assert(
      fc.property(anything, (content) => {
        const read = decodeMerchantQr(content);
        if (!read.accepted) expect(read.rejection.message).not.toBe('');
      }),
      { seed: SEED, numRuns: 2_000 },
    );
  });
});
