import { parseArgs } from 'node:util';
import { readConfig } from '#apps/standalone/config.js';
import { type Command, DATA_DIR_OPTION, dataDirOf, UsageError } from './command.js';

/** Starts the product behind a closed door, lets it fill its empty log with the demo, and stops it. */
export const seed: Command = {
  name: 'seed',
  summary: 'fill an empty data folder with the demo · 写入演示数据',
  usage: `seed [options]
  --scale <1…10>        1: a tenth of the demo schools (default), 10: all of them
  --data-dir <folder>   default SLUICE_DATA_DIR or ./data; the server must be stopped`,
  async run(args, io) {
    const options = { ...DATA_DIR_OPTION, scale: { type: 'string', default: '1' } } as const;
    const { values } = parseArgs({ args: [...args], options });
    if (!/^([1-9]|10)$/.test(values.scale)) throw new UsageError('--scale is a whole number from 1 to 10.');
    const dataDir = dataDirOf(values, io);
    const overrides = {
      PORT: '0',
      SLUICE_DATA_DIR: dataDir,
      SLUICE_DEMO_SCALE: values.scale,
      SLUICE_DEMO: 'on',
    };
    const config = readConfig({ ...io.env, ...overrides });
    if (!config.demo)
      throw new UsageError('The demo is for the embedded issuer, not for production. 演示数据不能用于生产。');
    // The whole product: loaded only here, so that the other commands start at once.
    await import('reflect-metadata');
    const { startApplication } = await import('#apps/standalone/start.js');
    const running = await startApplication(config, (line) => io.say(line));
    const { openStudent } = running.facts;
    await running.stop();
    if (!openStudent) {
      io.say(
        `The log in ${config.dataDir} already holds data; only an empty one is filled.\n数据目录已有数据，未写入。`,
      );
      return 1;
    }
    await io.write(`Seeded ${config.dataDir}; open bills: ${openStudent.studentNo} ${openStudent.name}\n`);
    return 0;
  },
};
