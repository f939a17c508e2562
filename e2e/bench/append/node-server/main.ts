/** An event node on the data file named by SLUICE_BENCH_FILE, in a process of its own. Answers `url`. */
import { env } from 'node:process';
import { startEventNode } from '#apps/event-node/node.js';
import { openLogEngine } from '#libs/event-log/sqlite/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { answerParent } from '../../process/answer.js';

const runtime = systemRuntime();
const engine = await openLogEngine({ file: env['SLUICE_BENCH_FILE'] ?? '' }, runtime);
const node = await startEventNode({ engine, runtime, host: '127.0.0.1', port: 0 });
answerParent({ url: () => node.connectionString }, async () => {
  await node.close();
  await engine.close();
});
