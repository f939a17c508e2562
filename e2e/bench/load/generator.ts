import { Child } from '../process/child.js';
import type { LoadOrder, LoadReport } from './order.js';

/** The load generator as the benchmark sees it. One process for all lanes, so that all are driven by equally warm code. */
export class LoadGenerator {
  readonly #child = Child.start('load/main.js');

  /** @throws Error when any answer was not what the order expects of it */
  async run(order: LoadOrder): Promise<LoadReport> {
    const report = await this.#child.ask<LoadReport>('run', order);
    if (report.wrong > 0) {
      throw new Error(
        `${report.wrong} of ${order.bodies.length} answers were wrong, such as:\n${report.examples.join('\n')}`,
      );
    }
    return report;
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }
}
