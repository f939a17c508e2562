import type { Round } from '../harness/interleave.js';
import type { Child } from '../process/child.js';
import type { Resources } from '../process/answer.js';
import { profiled } from '../process/profiled.js';
import { percentile } from '../row.js';
import type { LoadGenerator } from './generator.js';
import type { LoadOrder } from './order.js';

/** Latencies of all runs that count, by lane. */
export type Latencies = Map<string, LatencyPool>;

export class LatencyPool {
  readonly #samples: number[] = [];

  add(latenciesMs: Float64Array): void {
    for (const latencyMs of latenciesMs) this.#samples.push(latencyMs);
  }

  /** Milliseconds. */
  p99(): number {
    return percentile(this.#samples, 99);
  }
}

export interface LaneOrder {
  readonly port: number;
  readonly path: string;
  /** Dealt out to the requests in turn; absent for a server that takes everybody. */
  readonly tokens?: readonly string[];
  readonly bodies: readonly string[];
  readonly inFlight: number;
  /** How many payments the requests ask for; default one each. */
  readonly payments?: number;
  /** See `LoadOrder`. */
  readonly mayBeUnknown?: boolean;
  readonly expects?: LoadOrder['expects'];
  readonly server: Child;
}

/** Drives one server with payments, or with evidence, and takes its figures. */
export class PaymentLane {
  constructor(
    private readonly generator: LoadGenerator,
    private readonly latencies: Latencies,
  ) {}

  /**
   * `per s`: payments captured when they were answered; `requests per s`; `ms` of the run; `main µs` and `cpu µs`: of the server's main thread and of all
   * its threads, per payment, until its views have caught up; `settled ms`: how long they were behind; where requests are sent
   * again, `overlapping`: of all requests, those sent while the same one was under way; where an institution is
   * asked, `unknown`: answers that could not tell yet.
   */
  run(name: string, round: number, order: LaneOrder): Promise<Round> {
    return profiled(order.server, `${name} ${round}`, () => this.#run(name, round, order));
  }

  async #run(name: string, round: number, order: LaneOrder): Promise<Round> {
    const { port, path, tokens, bodies, inFlight, payments = bodies.length, server } = order;
    const { mayBeUnknown, expects } = order;
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const before = await server.ask<Resources>('resources');
    const report = await this.generator.run({
      port,
      path,
      headers,
      bodies,
      inFlight,
      ...(tokens && { tokens }),
      ...(mayBeUnknown && { mayBeUnknown }),
      ...(expects && { expects }),
    });
    const settledMs = tokens === undefined ? 0 : await server.ask<number>('settle');
    const after = await server.ask<Resources>('resources');
    if (round >= 0) this.#pool(name).add(report.latenciesMs);
    return {
      'per s': ((payments - report.unknown) * 1_000) / report.durationMs,
      'requests per s': (bodies.length * 1_000) / report.durationMs,
      ms: report.durationMs,
      'settled ms': settledMs,
      'main µs': ((after.mainCpuMs - before.mainCpuMs) * 1_000) / payments,
      'cpu µs': ((after.cpuMs - before.cpuMs) * 1_000) / payments,
      ...(mayBeUnknown && { unknown: report.unknown }),
      ...(payments < bodies.length && { overlapping: report.overlapping / bodies.length }),
    };
  }

  #pool(name: string): LatencyPool {
    const pool = this.latencies.get(name) ?? new LatencyPool();
    this.latencies.set(name, pool);
    return pool;
  }
}
