import { type ExportedEvent, idIn, nameOf, textOf } from './export.js';
import { at } from './order-and-chain.js';
import { Verdict } from './verdict.js';

interface FoldedCase {
  readonly kind: string;
  readonly subject: string;
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
        const opened = { kind: textOf(event.data['kind']), subject, open: true };
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

  /** Somebody was told of it, whether or not it is settled. */
  hasTold(subject: string, kind: string): boolean {
    return this.#subjects.get(subject)?.some((one) => one.kind === kind) ?? false;
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
