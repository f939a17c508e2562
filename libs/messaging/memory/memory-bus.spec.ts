import { describe, expect, it } from '@jest/globals';
import { systemTimers } from '#libs/runtime/system/index.js';
import { busContract } from '#libs/testing/contracts/bus.js';
import { BusOverloaded, type IntegrationEvent } from '../port/index.js';
import { memoryBus } from './index.js';

busContract('memory', async () => {
  const bus = memoryBus({ timers: systemTimers });
  return { bus, close: () => bus.close() };
});

describe('memoryBus', () => {
  it('is bounded: all groups get the events or none', async () => {
    const bus = memoryBus({ timers: systemTimers, queuedPerGroup: 2 });
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const seen: string[] = [];
    await bus.subscribe('slow', ['t.v1'], () => gate);
    await bus.subscribe('fast', ['t.v1'], async ({ id }) => void seen.push(id));
    const event = (id: string): IntegrationEvent => ({
      id,
      type: 't.v1',
      source: '/',
      subject: 's',
      time: '2026-09-01T00:00:00.000Z',
      tenant: 't',
      data: {},
    });
    await bus.publish([event('1'), event('2')]);
    await systemTimers.sleep(5);
    await expect(bus.publish([event('3')])).rejects.toThrow(BusOverloaded);
    release();
    await systemTimers.sleep(5);
    await bus.publish([event('3')]);
    await systemTimers.sleep(5);
    expect(seen).toEqual(['1', '2', '3']);
    await bus.close();
  });
});
