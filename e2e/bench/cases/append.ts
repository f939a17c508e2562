import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDbEventLog } from '#libs/event-log/eventstoredb/index.js';
import type { EventLog } from '#libs/event-log/port/index.js';
import { SqliteEventLog } from '#libs/event-log/sqlite/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { closedLoop, type LoopFigures } from '../append/closed-loop.js';
import { RawGroupFile } from '../append/raw-group-file.js';
import { sampleEvent } from '../append/sample-event.js';
import { interleave, samplesOf, type Lane, type Round, type Samples } from '../harness/interleave.js';
import { Child } from '../process/child.js';
import { median, row, type BenchOptions, type BenchRow } from '../row.js';

const IN_FLIGHT = 64;
const ENGINE_APPENDS = 100_000;
const GRPC_APPENDS = 15_000;
const QUICK_APPENDS = 500;

const ENGINE = 'engine';
const RAW_FILE = 'raw file';
const NODE = 'event node';
const NULL_SERVER = 'null server';

const runtime = systemRuntime();

/** Durable appends of about 400 bytes to streams of their own, 64 in flight, at each door beside what bounds it. */
export async function append(options: BenchOptions): Promise<readonly BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-append-'));
  const node = Child.start('append/node-server/main.js', { SLUICE_BENCH_FILE: join(folder, 'node.sqlite') });
  const silent = Child.start('append/null-server/main.js');
  const clients: EventLog[] = [];
  try {
    // Two clients in one process, which a product must not have: here they never append at the same time.
    const connect = async (server: Child): Promise<EventLog> => {
      const client = new EventStoreDbEventLog({ connectionString: await server.ask<string>('url') });
      clients.push(client);
      return client;
    };
    const engineAppends = options.quick ? QUICK_APPENDS : ENGINE_APPENDS;
    const grpcAppends = options.quick ? QUICK_APPENDS : GRPC_APPENDS;
    const samples = await interleave(
      [
        engineLane(folder, engineAppends),
        rawFileLane(folder, engineAppends),
        grpcLane(NODE, await connect(node), grpcAppends),
        grpcLane(NULL_SERVER, await connect(silent), grpcAppends),
      ],
      options.runs,
      options.log,
    );
    return [
      compare(
        samples,
        { lane: ENGINE, name: 'embedded engine, 64 in flight' },
        { lane: RAW_FILE, name: 'raw file, group commit + fdatasync' },
      ),
      compare(
        samples,
        { lane: NODE, name: 'gRPC door, 64 in flight' },
        { lane: NULL_SERVER, name: 'same client, server that stores nothing' },
      ),
    ];
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await Promise.all([node.stop(), silent.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A fresh file per round, so that rounds do not differ by the size of the log. */
function engineLane(folder: string, count: number): Lane {
  return {
    name: ENGINE,
    async run(round) {
      const file = join(folder, `engine-${round}.sqlite`);
      const log = await SqliteEventLog.open({ file }, runtime);
      const figures = await closedLoop(IN_FLIGHT, count, () => appendTo(log));
      await log.close();
      for (const suffix of ['', '-wal', '-shm', '.lock']) rmSync(file + suffix, { force: true });
      return roundOf(figures);
    },
  };
}

function rawFileLane(folder: string, count: number): Lane {
  return {
    name: RAW_FILE,
    async run(round) {
      const path = join(folder, `raw-${round}`);
      const file = await RawGroupFile.open(path);
      const figures = await closedLoop(IN_FLIGHT, count, () =>
        file.append(
          Buffer.from(JSON.stringify({ stream: `bill-${runtime.ids.next()}`, ...sampleEvent(runtime.ids) })),
        ),
      );
      await file.close();
      rmSync(path);
      return roundOf(figures);
    },
  };
}

function grpcLane(name: string, log: EventLog, count: number): Lane {
  return { name, run: async () => roundOf(await closedLoop(IN_FLIGHT, count, () => appendTo(log))) };
}

function appendTo(log: EventLog): Promise<unknown> {
  return log.append(`bill-${runtime.ids.next()}`, 'no-stream', [sampleEvent(runtime.ids)]);
}

function roundOf({ perSecond, p99Ms }: LoopFigures): Round {
  return { 'appends/s': perSecond, 'p99 ms': p99Ms };
}

interface Side {
  readonly lane: string;
  readonly name: string;
}

function compare(samples: Samples, measured: Side, baseline: Side): BenchRow {
  return row(
    {
      name: measured.name,
      unit: 'appends/s',
      samples: samplesOf(samples, `${measured.lane} appends/s`),
      p99: median(samplesOf(samples, `${measured.lane} p99 ms`)),
    },
    { name: baseline.name, samples: samplesOf(samples, `${baseline.lane} appends/s`) },
  );
}
