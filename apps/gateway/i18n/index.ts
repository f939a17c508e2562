import type { Catalogue } from './catalogue.js';
import { enUS } from './en-us.js';
import { zhCN } from './zh-cn.js';

export const LANGUAGES = ['zh-CN', 'en-US'] as const;
export type Language = (typeof LANGUAGES)[number];

const CATALOGUES: Readonly<Record<Language, Catalogue>> = { 'zh-CN': zhCN, 'en-US': enUS };

/** Longer headers are cut: nobody needs that many languages. */
const MAX_HEADER = 200;

/** The first of our languages in the order of preference of an Accept-Language header; zh-CN when none fits. */
export function preferredLanguage(header: string | undefined): Language {
  if (!header) return 'zh-CN';
  const ranges = header
    .slice(0, MAX_HEADER)
    .split(',')
    .map((range) => {
      const [tag = '', quality] = range.trim().split(/;\s*q=/);
      return { tag: tag.toLowerCase(), weight: quality === undefined ? 1 : Number(quality) || 0 };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  for (const { tag } of ranges) {
    if (tag.startsWith('zh') || tag === '*') return 'zh-CN';
    if (tag.startsWith('en')) return 'en-US';
  }
  return 'zh-CN';
}

export interface Sentence {
  readonly key: string;
  /** Where other contexts bring keys of their own. */
  readonly fallback: string;
  /** For `{name}` in the sentence. */
  readonly details?: Readonly<Record<string, string>>;
}

export function translate(language: Language, { key, fallback, details = {} }: Sentence): string {
  const catalogue: Readonly<Record<string, string>> = CATALOGUES[language];
  const sentence = Object.hasOwn(catalogue, key) ? (catalogue[key] ?? fallback) : fallback;
  return sentence.replaceAll(/\{(\w+)\}/g, (whole, name: string) => details[name] ?? whole);
}
