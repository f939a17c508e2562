import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const STOP_MS = 15_000;
/** Kept of what the child says, for the report of a failed start. */
const TAIL_CHARACTERS = 4_000;

/** A built program of the project as a child process: started, killed, stopped by its process id. */
export class Child {
  #child: ChildProcess | undefined;
  #said = '';

  constructor(
    /** `dist/apps/standalone/main.js` */
    private readonly main: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** The end of what it printed. */
  get said(): string {
    return this.#said;
  }

  get runs(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  /** Starts the process; does not wait for it. */
  launch(): void {
    const main = fileURLToPath(new URL(rootOf(import.meta.url, this.main)));
    // Whoever runs the harness may have settings of their own product in the environment.
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(SLUICE_|PORT$|NODE_ENV$|EVENTSTORE_|NODE_OPTIONS$)/.test(name),
    );
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
      env: { ...Object.fromEntries(inherited), ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#said = '';
    for (const output of [child.stdout, child.stderr]) {
      output?.setEncoding('utf8').on('data', (text: string) => {
        this.#said = (this.#said + text).slice(-TAIL_CHARACTERS);
      });
    }
    this.#child = child;
  }

  /** Resolves when it has ended, with its exit code; null after a signal. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    if (!child) return 0;
    this.#child = undefined;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = once(child, 'exit');
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    try {
      const [code] = (await ended) as [number | null];
      return code;
    } finally {
      clearTimeout(late);
    }
  }

  /** Resolves when it ends by itself. */
  async ended(patienceMs: number): Promise<boolean> {
    const child = this.#child;
    if (!child || !this.runs) return true;
    const patience = new AbortController();
    const late = setTimeout(() => patience.abort(), patienceMs);
    try {
      await once(child, 'exit', { signal: patience.signal });
      return true;
    } catch {
      return false;
    } finally {
      clearTimeout(late);
    }
  }
}

/** A file of the project, seen from a module below e2e/ or from its build below dist/e2e/. */
function rootOf(here: string, file: string): string {
  const root = here.slice(0, here.lastIndexOf('/e2e/')).replace(/\/dist$/, '');
  return `${root}/${file}`;
}
