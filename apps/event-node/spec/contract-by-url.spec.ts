import { EventStoreDbEventLog } from '#libs/event-log/eventstoredb/index.js';
import { describeEventLogContract } from '#libs/testing/contracts/event-log/index.js';
import { childNode, tempDir } from './harness.js';

/** The third door: a server by its URL. By default a node started here; EVENTSTORE_URL adds one that is already there. */
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
