import { SpreadsheetRefused } from '#libs/spreadsheet/port/index.js';

export interface XmlHandler {
  /** `tag` is what stands between `<` and `>`; ask `attribute(tag, …)`. The name comes without its namespace prefix. */
  open(name: string, tag: string): void;
  /** Follows each `open`, also for `<a/>`. */
  close(name: string): void;
  /** Text between two tags, decoded; not called while `ignoresText` is true. */
  text(text: string): void;
  readonly ignoresText: boolean;
}

const MAX_DEPTH = 64;
/** Longer than any tag or cell text of a spreadsheet (32,767 characters), and a bound on what is held. */
const MAX_RUN_CHARACTERS = 512 * 1024;
const ENTITY = /&([^;&\s]{0,10});?/g;
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * The XML that spreadsheet programs write, and no more: elements, attributes, text, the five predefined entities and
 * character references. Anything that begins with `<!` is refused: document type definitions (the way to entity bombs
 * and external entities), and also comments and CDATA sections, which no spreadsheet program writes into these parts.
 */
export class XmlTokenizer {
  private rest = '';
  private readonly path: string[] = [];
  private closed = false;

  constructor(private readonly handler: XmlHandler) {}

  /** @throws SpreadsheetRefused */
  push(chunk: string): void {
    const xml = this.rest === '' ? chunk : this.rest + chunk;
    let at = 0;
    for (;;) {
      const lt = xml.indexOf('<', at);
      if (lt < 0) break;
      const gt = endOfTag(xml, lt);
      if (gt < 0) break;
      if (lt > at) this.text(xml, at, lt);
      this.markup(xml.slice(lt + 1, gt));
      at = gt + 1;
    }
    this.rest = at === 0 ? xml : xml.slice(at);
    if (this.rest.length > MAX_RUN_CHARACTERS) throw malformed('has an endless piece of text');
  }

  /** @throws SpreadsheetRefused when elements are still open */
  end(): void {
    if (this.path.length > 0 || this.rest.trim() !== '' || !this.closed) throw malformed('ends too early');
  }

  private text(xml: string, from: number, to: number): void {
    if (this.path.length === 0) {
      if (xml.slice(from, to).replace('\uFEFF', '').trim() !== '')
        throw malformed('has text outside its elements');
    } else if (!this.handler.ignoresText) {
      this.handler.text(decode(xml.slice(from, to)));
    }
  }

  private markup(tag: string): void {
    const first = tag.charCodeAt(0);
    if (first === 0x21 /* ! */) throw forbidden(tag);
    if (first === 0x3f /* ? */) return;
    if (first === 0x2f /* / */) {
      const name = localName(tag, 1);
      if (this.path.pop() !== name) throw malformed('closes an element that is not open');
      this.handler.close(name);
      this.closed = true;
      return;
    }
    const name = localName(tag, 0);
    if (this.path.length >= MAX_DEPTH) throw malformed('is nested too deeply');
    this.handler.open(name, tag);
    if (tag.endsWith('/')) {
      this.handler.close(name);
      this.closed = true;
    } else {
      this.path.push(name);
    }
  }
}

/** The value of an attribute by its local name, decoded. */
export function attribute(tag: string, name: string): string | undefined {
  // Attributes are read one after the other, so that a value that looks like an attribute is not mistaken for one.
  const pattern = /([^\s=/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
  pattern.lastIndex = tag.search(/\s/) < 0 ? tag.length : tag.search(/\s/);
  for (let match = pattern.exec(tag); match; match = pattern.exec(tag)) {
    const key = match[1]!;
    const local = key.startsWith('xmlns') ? key : key.slice(key.indexOf(':') + 1);
    if (local === name) return decode(match[2] ?? match[3]!);
  }
  return undefined;
}

/** A `>` inside a quoted attribute value does not end the tag. */
function endOfTag(xml: string, lt: number): number {
  for (let at = lt + 1; at < xml.length; at += 1) {
    const code = xml.charCodeAt(at);
    if (code === 0x3e /* > */) return at;
    if (code === 0x22 /* " */ || code === 0x27 /* ' */) {
      at = xml.indexOf(code === 0x22 ? '"' : "'", at + 1);
      if (at < 0) return -1;
    }
  }
  return -1;
}

function localName(tag: string, from: number): string {
  let to = from;
  let start = from;
  for (; to < tag.length; to += 1) {
    const code = tag.charCodeAt(to);
    if (code === 0x3a /* : */) start = to + 1;
    else if (code <= 0x20 || code === 0x2f /* / */) break;
  }
  if (to === start) throw malformed('has a tag without a name');
  return tag.slice(start, to);
}

function decode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(ENTITY, (_whole, name: string) => {
    const named = NAMED[name];
    if (named !== undefined) return named;
    const digits = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
    const code = digits ? Number.parseInt(digits[1] ?? digits[2]!, digits[1] ? 16 : 10) : Number.NaN;
    if (!(code <= 0x10ffff)) throw malformed('refers to an entity that does not exist');
    return String.fromCodePoint(code);
  });
}

function forbidden(tag: string): SpreadsheetRefused {
  if (/^!(?:DOCTYPE|ENTITY)/i.test(tag)) {
    return new SpreadsheetRefused('SPREADSHEET_DTD', 'The workbook holds a document type definition.');
  }
  return malformed('holds comments or CDATA');
}

function malformed(reason: string): SpreadsheetRefused {
  return new SpreadsheetRefused('SPREADSHEET_UNREADABLE', `The workbook is damaged: a part ${reason}.`);
}
