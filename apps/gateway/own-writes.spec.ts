import { describe, expect, it } from '@jest/globals';
import { Command, Query } from '@nestjs/cqrs';
import { ProjectionLagging } from '#libs/event-log/consumers/types.js';
import type { Position } from '#libs/event-log/port/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { manualRuntime } from '#libs/testing/runtime/index.js';
import { type Commands, OwnWrites, type Queries } from './own-writes.js';

class Write extends Command<void> {
  constructor(readonly context: RequestContext) {
    super();
  }
}

class Read extends Query<string> {
  constructor(readonly context: RequestContext) {
    super();
  }
}

function as(accountId: string): RequestContext {
  const caller = { accountId, personId: accountId, tenant: asId<'tenant'>('t'), roles: [] };
  return { caller, correlationId: 'c' };
}

/** Views that lag until told otherwise; every wait is noted. */
function laggingViews(answer: () => Promise<void>, command: () => Promise<void> = () => Promise.resolve()) {
  const waits: [Position, number][] = [];
  const runtime = manualRuntime();
  const buses = new OwnWrites({
    commands: { execute: command } as unknown as Commands,
    queries: { execute: () => Promise.resolve('view') } as unknown as Queries,
    consumers: {
      waitFor: (position, timeoutMs) => {
        waits.push([position, timeoutMs]);
        return answer();
      },
    },
    log: { lastPosition: () => Promise.resolve('42' as Position) },
    clock: runtime.clock,
  });
  return { buses, runtime, waits };
}

describe('reading one’s own writes', () => {
  it('waits for the views after a command of the same account, once', async () => {
    let caughtUp = (): void => undefined;
    const { buses, waits } = laggingViews(() => new Promise((resolve) => (caughtUp = resolve)));
    await buses.commands.execute(new Write(as('a')));
    let answered = false;
    const reading = buses.queries.execute(new Read(as('a'))).then((view) => {
      answered = true;
      return view;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect([answered, waits]).toEqual([false, [['42', 1_000]]]);
    caughtUp();
    expect(await reading).toBe('view');
    expect(await buses.queries.execute(new Read(as('a')))).toBe('view');
    expect(waits).toHaveLength(1);
  });

  it('lets other accounts, and those who wrote long ago, read at once', async () => {
    const { buses, runtime, waits } = laggingViews(() => new Promise(() => undefined));
    await buses.commands.execute(new Write(as('a')));
    expect(await buses.queries.execute(new Read(as('b')))).toBe('view');
    await runtime.advance(15_000);
    expect(await buses.queries.execute(new Read(as('a')))).toBe('view');
    expect(waits).toEqual([]);
  });

  it('remembers a command that failed: what it stored before may be seen', async () => {
    const { buses, waits } = laggingViews(
      () => Promise.resolve(),
      () => Promise.reject(new Error('timed out')),
    );
    await expect(buses.commands.execute(new Write(as('a')))).rejects.toThrow('timed out');
    await buses.queries.execute(new Read(as('a')));
    expect(waits).toHaveLength(1);
  });

  it('reads an older view when they lag for too long, and passes other faults on', async () => {
    const lagging = laggingViews(() => Promise.reject(new ProjectionLagging('far behind')));
    await lagging.buses.commands.execute(new Write(as('a')));
    expect(await lagging.buses.queries.execute(new Read(as('a')))).toBe('view');
    const broken = laggingViews(() => Promise.reject(new Error('closed')));
    await broken.buses.commands.execute(new Write(as('a')));
    await expect(broken.buses.queries.execute(new Read(as('a')))).rejects.toThrow('closed');
  });
});
