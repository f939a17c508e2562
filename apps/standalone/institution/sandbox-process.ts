import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Listening } from '#apps/sandbox-bank/exchange.js';

export interface SandboxProcessOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Each time it listens, the first time included: the port may be another. */
  readonly listening: (port: number) => Promise<void>;
  readonly report: (what: string) => void;
}

/** The compiled program, also when this module itself runs from source (under the test runner). */
const MAIN = fileURLToPath(
  import.meta.url.endsWith('.ts')
    ? new URL('../../../dist/apps/sandbox-bank/main.js', import.meta.url)
    : new URL('../../sandbox-bank/main.js', import.meta.url),
);

const START_LIMIT_MS = 15_000;
const STOP_LIMIT_MS = 2_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
/** Everything else of our environment is no business of the bank's: secrets are in it. */
const INHERITED = /^(PATH|HOME|LANG|LC_.*|TZ|TMPDIR|SLUICE_SANDBOX_.*)$/;

/** The sandbox bank as a child process: ends with us, however we end, and is started again when it ends by itself. */
export class SandboxProcess {
  #child: ChildProcess | undefined;
  #stopped = false;
  #listens = false;
  #pause: NodeJS.Timeout | undefined;
  #pauseMs = FIRST_PAUSE_MS;

  constructor(private readonly options: SandboxProcessOptions) {}

  /** Resolves when it listens, or is known not to; then it is started again, with growing pauses. */
  async start(): Promise<void> {
    try {
      await this.#listening();
    } catch (fault) {
      if (!this.#stopped) this.options.report(String(fault));
    }
  }

  async #listening(): Promise<void> {
    const child = this.#spawn();
    const gone = once(child, 'exit').then(([code, signal]) => {
      throw new Error(`The sandbox bank ended with ${String(signal ?? code)} before it listened.`);
    });
    const tooLong = AbortSignal.timeout(START_LIMIT_MS);
    const waited = once(tooLong, 'abort').then(() => {
      // Its end starts the next one.
      if (this.#child === child && !this.#listens) child.kill('SIGKILL');
      throw new Error('The sandbox bank did not listen in time.');
    });
    waited.catch(() => undefined);
    gone.catch(() => undefined);
    await Promise.race([this.#portOf(child).then(this.options.listening), gone, waited]);
    this.#listens = true;
    this.#pauseMs = FIRST_PAUSE_MS;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#pause);
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.stdin?.end();
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await exited;
    clearTimeout(late);
  }

  #spawn(): ChildProcess {
    const inherited = Object.entries(process.env).filter(([name]) => INHERITED.test(name));
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
      env: { ...Object.fromEntries(inherited), ...this.options.env, SLUICE_SANDBOX_TIED: '1' },
      // Our end of the pipe closes with us, also on SIGKILL.
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin?.on('error', () => undefined);
    child.once('exit', (code, signal) => this.#ended(child, signal ?? code));
    this.#child = child;
    this.#listens = false;
    return child;
  }

  async #portOf(child: ChildProcess): Promise<number> {
    const lines = createInterface({ input: child.stdout! });
    const [line] = (await once(lines, 'line')) as [string];
    return (JSON.parse(line) as Listening).port;
  }

  #ended(child: ChildProcess, how: unknown): void {
    if (this.#stopped || this.#child !== child) return;
    this.#child = undefined;
    this.options.report(`the sandbox bank ended with ${String(how)}`);
    this.#pause = setTimeout(() => {
      void this.start();
    }, this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }
}
