import { readFileSync } from 'node:fs';

export type Language = 'zh-CN' | 'en-US';

type Texts = Readonly<Record<string, string>>;

const TEXTS: Readonly<Record<Language, Texts>> = { 'zh-CN': read('zh-CN'), 'en-US': read('en-US') };

/** The file beside this one, once, when the module is loaded. */
function read(language: Language): Texts {
  return JSON.parse(readFileSync(new URL(`./${language}.json`, import.meta.url), 'utf8')) as Texts;
}

/** The sentence of a row error, failure or note by its code; the code itself when there is none. */
export function sentenceOf(
  code: string,
  details: Readonly<Record<string, string>> = {},
  language: Language = 'en-US',
): string {
  const text = TEXTS[language][code] ?? code;
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => details[name] ?? whole);
}
