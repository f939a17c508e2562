import { type ExportedEvent, idIn, isRecord, type JsonRecord, nameOf, textOf } from './export.js';
import { at } from './order-and-chain.js';
import { Verdict } from './verdict.js';

interface FoldedCase {
  readonly kind: string;
  readonly subject: string;
  readonly facts: JsonRecord;
  open: boolean;
}

/** Exceptions that people are told of. */
export class Cases {
  readonly verdict = new Verdict(
    'I4',
    'a case is opened first and once, and resolved or opened again in turn',
  );
  readonly #cases = new Map<string, FoldedCase>();
  readonly #subjects = new Map<string, FoldedCase[]>();

  observe(event: ExportedEvent): void {
    const id = idIn('case', event.stream);
    if (id === undefined) return;
    const known = this.#cases.get(id);
    switch (nameOf(event.type)) {
      case 'CaseOpened': {
        this.verdict.expect(!known, () => `${at(event)}: opened twice`);
        const subject = textOf(event.data['subject']);
        const facts = isRecord(event.data['facts']) ? event.data['facts'] : {};
        const opened = { kind: textOf(event.data['kind']), subject, facts, open: true };
        this.#cases.set(id, opened);
        this.#subjects.set(subject, [...(this.#subjects.get(subject) ?? []), opened]);
        return;
      }
      case 'CaseResolved':
      case 'CaseReopened': {
        const reopens = nameOf(event.type) === 'CaseReopened';
        this.verdict.expect(
          known?.open === !reopens,
          () => `${at(event)}: of a case that is ${wordOf(known)}`,
        );
        if (known) known.open = reopens;
      }
    }
  }

  /** Somebody was told of it, with these facts among others, whether or not it is settled. */
  hasTold(subject: string, kind: string, facts: Readonly<Record<string, string>> = {}): boolean {
    const told = this.#subjects.get(subject)?.filter((one) => one.kind === kind) ?? [];
    return told.some((one) => Object.entries(facts).every(([name, fact]) => one.facts[name] === fact));
  }

  /** Somebody was told of it and has not settled it. */
  tellsOf(subject: string, kind: string): boolean {
    return this.#subjects.get(subject)?.some((one) => one.kind === kind && one.open) ?? false;
  }
}

function wordOf(known: FoldedCase | undefined): string {
  if (!known) return 'not known';
  return known.open ? 'open' : 'resolved';
}
