import { describeEventLogContract } from './contracts/event-log/index.js';
import { systemClock } from '#libs/runtime/system/index.js';
import { MemoryEventLog } from './memory-event-log.js';

describeEventLogContract('memory', {
  async open() {
    const log = new MemoryEventLog({ clock: systemClock });
    return { log, close: () => log.close() };
  },
});
