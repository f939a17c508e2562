import { describe, expect, it } from '@jest/globals';
import { parseLocalDate } from '#libs/kernel/time/index.js';
import { lessonSeries } from './index.js';

describe('a series of lessons', () => {
  it('follows the weekdays from the first date on, without the days excepted', () => {
    const series = {
      firstDate: parseLocalDate('2026-09-29'),
      weekdays: [2, 4],
      time: '18:30',
      except: [parseLocalDate('2026-10-01')],
    };
    expect(lessonSeries(series, 3)).toEqual([
      '2026-09-29T10:30:00.000Z',
      '2026-10-06T10:30:00.000Z',
      '2026-10-08T10:30:00.000Z',
    ]);
    // Without weekdays it is weekly; a morning in Shanghai is the evening before in UTC.
    expect(lessonSeries({ ...series, weekdays: [], time: '07:00', except: [] }, 2)).toEqual([
      '2026-09-28T23:00:00.000Z',
      '2026-10-05T23:00:00.000Z',
    ]);
    expect(lessonSeries({ ...series, weekdays: [7], except: [] }, 1)).toEqual(['2026-10-04T10:30:00.000Z']);
    expect(lessonSeries(series, 0)).toEqual([]);
  });

  it('ends where no day is left', () => {
    const firstDate = parseLocalDate('2026-09-29');
    expect(lessonSeries({ firstDate, weekdays: [2], time: '18:30', except: [] }, 200)).toHaveLength(115);
  });
});
