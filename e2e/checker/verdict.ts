/** Collects what one rule saw. A rule never stops at a violation: it counts them and keeps the first. */
export class Verdict {
  #checked = 0;
  #violations = 0;
  #first: string | undefined;

  constructor(
    /** `I3`, or a word for the rules that have no number. */
    readonly invariant: string,
    readonly rule: string,
  ) {}

  /** One thing was looked at. */
  checked(count = 1): void {
    this.#checked += count;
  }

  violated(what: string): void {
    this.#violations += 1;
    this.#first ??= what;
  }

  /** Counts one check and reports `what()` when it does not hold. */
  expect(holds: boolean, what: () => string): void {
    this.#checked += 1;
    if (!holds) this.violated(what());
  }

  result(): RuleResult {
    return {
      invariant: this.invariant,
      rule: this.rule,
      checked: this.#checked,
      violations: this.#violations,
      ...(this.#first !== undefined && { first: this.#first }),
    };
  }
}

export interface RuleResult {
  readonly invariant: string;
  readonly rule: string;
  readonly checked: number;
  readonly violations: number;
  /** The first violation, naming the event or id. */
  readonly first?: string;
}
