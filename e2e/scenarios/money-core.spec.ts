import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PARTS } from './money-core/money-core.js';
import { NotAsItShouldBe, holds } from './money-core/holds.js';
import { Story } from './money-core/story.js';
import { ShopFloor } from './shop-floor.js';
import { openSchool } from './tuition-acts.js';

/** The institution's lateness is part of the story. */
const PATIENCE_MS = 60_000;
/** What the bank does late; long enough for a bill to be paid otherwise meanwhile. */
const NOTICE_DELAY_MS = '1000';

describe('everything people do with money, over GraphQL', () => {
  let floor: ShopFloor;
  let story: Story;
  const told: string[] = [];

  beforeAll(async () => {
    process.env.SLUICE_SANDBOX_NOTICE_DELAY_MS = NOTICE_DELAY_MS;
    floor = await ShopFloor.open();
    await openSchool(await floor.person('bd'), await floor.person('bursar'), 'school-2');
    story = await Story.open({
      url: floor.url,
      dataDir: floor.dataDir,
      tell: (line) => void told.push(line),
    });
  }, PATIENCE_MS);
  afterAll(async () => {
    await story?.close();
    await floor.close();
    delete process.env.SLUICE_SANDBOX_NOTICE_DELAY_MS;
  });

  it.each(Object.entries(PARTS))(
    '%s',
    async (_name, part) => {
      told.length = 0;
      await part(story);
      expect(told.length).toBeGreaterThan(1);
      expect(told.filter((line) => line.includes('✗'))).toEqual([]);
    },
    PATIENCE_MS,
  );
});

describe('what the story takes for right', () => {
  it('names the first place that is not as expected, and what came', () => {
    const came = { status: 'FAILED', bills: [{ amount: '1.00' }, { amount: '2.00' }] };
    expect(() => holds('payment', came, { bills: [{}, { amount: /^2\./ }] })).not.toThrow();
    expect(() => holds('payment', came, { status: 'CAPTURED' })).toThrow(
      'payment.status: expected "CAPTURED", came "FAILED"',
    );
    expect(() => holds('payment', came, { bills: [{}, { amount: '3.00' }] })).toThrow(
      'payment.bills[1].amount: expected "3.00", came "2.00"',
    );
    expect(() => holds('payment', came, { bills: [{}] })).toThrow(NotAsItShouldBe);
    expect(() => holds('payment', null, { status: 'CAPTURED' })).toThrow(NotAsItShouldBe);
    expect(() => holds('payment', came, { receipts: [] })).toThrow(NotAsItShouldBe);
  });
});
