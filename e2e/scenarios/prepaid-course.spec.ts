import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '#apps/cli/cli.js';
import { PARTS } from './prepaid-course/prepaid-course.js';
import { CourseStory } from './prepaid-course/story.js';
import { ShopFloor } from './shop-floor.js';

/** Notices run out and windows close by the clock. */
const PATIENCE_MS = 60_000;

describe('a prepaid course from the first draft of its terms to the last yuan, over GraphQL', () => {
  let floor: ShopFloor;
  let story: CourseStory;
  const told: string[] = [];
  let broken: string | undefined;

  beforeAll(async () => {
    floor = await ShopFloor.open();
    story = await CourseStory.open({
      url: floor.url,
      dataDir: floor.dataDir,
      tell: (line) => void told.push(line),
    });
  }, PATIENCE_MS);
  afterAll(async () => {
    await floor.close();
  });

  it.each(Object.entries(PARTS))(
    '%s',
    async (name, part) => {
      // Each part goes on from the one before.
      if (broken !== undefined) throw new Error(`"${broken}" has failed`);
      told.length = 0;
      broken = name;
      await part(story);
      broken = undefined;
      expect(told.length).toBeGreaterThan(1);
      expect(told.filter((line) => line.includes('✗'))).toEqual([]);
    },
    PATIENCE_MS,
  );

  it('leaves a log whose hash chains verify, and over which the checker finds nothing', async () => {
    await story.close();
    await floor.whileStopped(async (dataDir) => {
      expect(await cli('verify', '--data-dir', dataDir)).toEqual([0, expect.stringMatching(/^GOOD/)]);
      const log = join(dataDir, 'export.ndjson');
      expect(await cli('export', '--data-dir', dataDir, '--out', log)).toEqual([0, expect.any(String)]);
      expect(await cli('check', '--log', log)).toEqual([0, expect.any(String)]);
    });
  });
});

async function cli(...args: string[]): Promise<readonly [code: number, said: string]> {
  let said = '';
  const code = await runCli(args, {
    env: {},
    say: () => undefined,
    write: (text) => Promise.resolve(void (said += text)),
  });
  return [code, said];
}
