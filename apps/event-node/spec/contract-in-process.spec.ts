import { EventStoreDbEventLog } from '#libs/event-log/eventstoredb/index.js';
import { describeEventLogContract } from '#libs/testing/contracts/event-log/index.js';
import { localNode, tempDir } from './harness.js';

/** The second door of the EventLog port; the first, the engine itself, is held to the same in libs/event-log/sqlite. */
describeEventLogContract('db-client to an event node in this process', {
  async open() {
    const dir = tempDir();
    let node = await localNode(dir.path);
    let log = new EventStoreDbEventLog({ connectionString: node.connectionString });
    return {
      log,
      async reopen() {
        await log.close();
        await node.close();
        node = await localNode(dir.path);
        log = new EventStoreDbEventLog({ connectionString: node.connectionString });
        return log;
      },
      async close() {
        await log.close();
        await node.close();
        dir.remove();
      },
    };
  },
});
