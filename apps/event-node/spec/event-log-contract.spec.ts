import { EventStoreDbEventLog } from '#libs/event-log/eventstoredb/index.js';
import { describeEventLogContract } from '#libs/testing/contracts/event-log/index.js';
import { childNode, localNode, tempDir } from './harness.js';

/** Doors two and three of the EventLog port; the first, the engine itself, is held to the same in libs/event-log/sqlite. */

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

describeEventLogContract('db-client to an event node of its own process', {
  async open() {
    const dir = tempDir();
    let node = await childNode(dir.path);
    let log = new EventStoreDbEventLog({ connectionString: node.connectionString });
    return {
      log,
      async reopen() {
        await log.close();
        await node.kill();
        node = await childNode(dir.path);
        log = new EventStoreDbEventLog({ connectionString: node.connectionString });
        return log;
      },
      async close() {
        await log.close();
        await node.stop();
        dir.remove();
      },
    };
  },
});

const { EVENTSTORE_URL: connectionString } = process.env;

if (connectionString) {
  describeEventLogContract('db-client to the server at EVENTSTORE_URL', {
    async open() {
      const log = new EventStoreDbEventLog({ connectionString });
      return { log, close: () => log.close() };
    },
  });
}
