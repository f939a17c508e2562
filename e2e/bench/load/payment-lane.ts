import { env } from 'node:process';
import type { Round } from '../harness/interleave.js';
import type { Child } from '../process/child.js';
import type { Resources } from '../process/answer.js';
import { percentile } from '../row.js';
import type { LoadGenerator } from './generator.js';

const IN_FLIGHT = 64;

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
  readonly token?: string;
  readonly bodies: readonly string[];
  readonly server: Child;
}

/** Drives one server with payments and takes its figures. */
export class PaymentLane {
  constructor(
    private readonly generator: LoadGenerator,
    private readonly latencies: Latencies,
  ) {}

  /**
   * `per s`; `ms` of the run; `main µs` and `cpu µs`: of the server's main thread and of all its threads, per
   * request; `settled ms`: how long its views were behind.
   * With SLUICE_BENCH_PROFILE=<folder> a CPU profile of the server's main thread is written there for each run; the
   * figures of such a run mean nothing.
   */
  async run(name: string, round: number, order: LaneOrder): Promise<Round> {
    const { port, path, token, bodies, server } = order;
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const folder = env['SLUICE_BENCH_PROFILE'];
    if (folder) await server.ask('profile-start');
    const before = await server.ask<Resources>('resources');
    const report = await this.generator.run({ port, path, headers, bodies, inFlight: IN_FLIGHT });
    const settledMs = token === undefined ? 0 : await server.ask<number>('settle');
    const after = await server.ask<Resources>('resources');
    if (folder)
      await server.ask('profile-stop', `${folder}/${name.replaceAll(' ', '-')}-${round}.cpuprofile`);
    if (round >= 0) this.#pool(name).add(report.latenciesMs);
    return {
      'per s': (bodies.length * 1_000) / report.durationMs,
      ms: report.durationMs,
      'settled ms': settledMs,
      'main µs': ((after.mainCpuMs - before.mainCpuMs) * 1_000) / bodies.length,
      'cpu µs': ((after.cpuMs - before.cpuMs) * 1_000) / bodies.length,
    };
  }

  #pool(name: string): LatencyPool {
    const pool = this.latencies.get(name) ?? new LatencyPool();
    this.latencies.set(name, pool);
    return pool;
  }
}
