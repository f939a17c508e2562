import { randomBytes } from 'node:crypto';

/** One run of a story: its parts and steps are told as they come true, and everything it makes has names of its own. */
export class Steps {
  /** In every key, number and label of this run, so that the next one meets none of it. */
  readonly run = randomBytes(4).toString('hex');
  readonly startedAt = new Date().toISOString();
  readonly #tell: (line: string) => void;
  #keys = 0;
  #part = 0;
  #step = 0;
  #steps = 0;

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  get steps(): number {
    return this.#steps;
  }

  key(): string {
    return `story-${this.run}-${(this.#keys += 1)}`;
  }

  part(title: string): void {
    this.#part += 1;
    this.#step = 0;
    this.#tell(`${this.#part} ${title}`);
  }

  /** `act` answers what was looked at, in a few words. */
  async step(what: string, act: () => Promise<string>): Promise<void> {
    const seen = await act().catch((fault: unknown) => {
      this.#tell(`  ✗ ${this.#part}.${this.#step + 1} ${what}`);
      throw fault;
    });
    this.#step += 1;
    this.#steps += 1;
    this.#tell(`  ✓ ${this.#part}.${this.#step} ${what}: ${seen}`);
  }
}
