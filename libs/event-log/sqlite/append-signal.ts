import type { Appended, LogEngine } from './engine-api.js';

/** Lets one reader sleep until something is appended, without missing what comes between looking and sleeping. */
export class AppendSignal {
  private raised = false;
  private wake: (() => void) | undefined;
  private readonly stops: (() => void)[];

  constructor(
    engine: LogEngine,
    signal: AbortSignal,
    concerns: (appended: Appended) => boolean = () => true,
  ) {
    const raise = (): void => this.raise();
    signal.addEventListener('abort', raise, { once: true });
    this.stops = [
      engine.onAppended((appended) => {
        if (concerns(appended)) this.raise();
      }),
      engine.onClosed(raise),
      () => signal.removeEventListener('abort', raise),
    ];
  }

  /** Call before looking at the log. */
  lower(): void {
    this.raised = false;
  }

  /** Resolves at once when something was appended since `lower`, else with the next append, the abort or the closing. */
  async next(): Promise<void> {
    if (!this.raised) await new Promise<void>((resolve) => (this.wake = resolve));
    this.raised = false;
  }

  stop(): void {
    for (const stop of this.stops) stop();
  }

  private raise(): void {
    this.raised = true;
    this.wake?.();
    this.wake = undefined;
  }
}
