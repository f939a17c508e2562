import { describe, expect, it } from '@jest/globals';
import { LANGUAGES, preferredLanguage, translate } from './index.js';
import { enUS } from './en-us.js';
import { zhCN } from './zh-cn.js';

describe('languages', () => {
  it.each([
    [undefined, 'zh-CN'],
    ['', 'zh-CN'],
    ['en', 'en-US'],
    ['en-GB,en;q=0.9', 'en-US'],
    ['fr-FR, de;q=0.9', 'zh-CN'],
    ['fr, en;q=0.4, zh;q=0.5', 'zh-CN'],
    ['zh-TW', 'zh-CN'],
    ['en;q=0, zh', 'zh-CN'],
    ['*', 'zh-CN'],
    ['en;q=x', 'zh-CN'],
    [`${'x,'.repeat(10_000)}en`, 'zh-CN'],
  ])('of %j is %s', (header, language) => {
    expect(preferredLanguage(header)).toBe(language);
  });

  it('say everything in each, with the same figures', () => {
    const figures = (text: string): readonly string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const key of Object.keys(zhCN) as (keyof typeof zhCN)[])
      expect([key, figures(enUS[key])]).toEqual([key, figures(zhCN[key])]);
    expect(LANGUAGES).toEqual(['zh-CN', 'en-US']);
  });

  it('fill in what is known and leave the rest', () => {
    const sentence = { key: 'bill.cancelled', fallback: 'x', details: { reason: '重复' } };
    expect(translate('zh-CN', sentence)).toBe('已作废：重复');
    expect(translate('en-US', { ...sentence, details: {} })).toBe('Cancelled: {reason}');
    expect(translate('en-US', { key: 'constructor', fallback: 'unknown {a}', details: { a: 'b' } })).toBe(
      'unknown b',
    );
  });
});
