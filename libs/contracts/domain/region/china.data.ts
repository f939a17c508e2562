import type { LocalDate } from '#libs/kernel/time/index.js';
import type { ParameterSet } from './messages.js';

/**
 * China, where a tenant has set nothing else. Days off and working weekends of 2026: notice of the General Office of the State
 * Council of 4 November 2025 on the holidays of 2026. Each year's days are announced in the November before; until operations
 * enter them for a later year (`setRegionalParameters`), its working days are Monday to Friday.
 *
 * Prepaid tuition: no more than three months or 60 lessons, and no more than CNY 5,000, at once – opinion of the Ministry of Education
 * and twelve other authorities of December 2022 on extracurricular training outside school subjects; three working days to object to
 * a lesson are this product's default.
 */
export const CHINA: ParameterSet = {
  region: 'CN',
  effectiveFrom: day('2026-01-01'),
  zone: 'Asia/Shanghai',
  holidays: [
    // New Year
    '2026-01-01',
    '2026-01-02',
    // Spring Festival, 15 to 23 February
    '2026-02-16',
    '2026-02-17',
    '2026-02-18',
    '2026-02-19',
    '2026-02-20',
    '2026-02-23',
    // Qingming, 4 to 6 April
    '2026-04-06',
    // Labour Day, 1 to 5 May
    '2026-05-01',
    '2026-05-04',
    '2026-05-05',
    // Dragon Boat, 19 to 21 June
    '2026-06-19',
    // Mid-Autumn, 25 to 27 September
    '2026-09-25',
    // National Day, 1 to 7 October
    '2026-10-01',
    '2026-10-02',
    '2026-10-05',
    '2026-10-06',
    '2026-10-07',
  ].map(day),
  workingDays: ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'].map(day),
  values: {
    'tuition-per-lesson': { cooling: '3WD', maxTotal: '500000', maxLessons: '60' },
    'tuition-monthly': { maxTotal: '500000', maxPeriod: 'P3M' },
  },
};

function day(text: string): LocalDate {
  return text as LocalDate;
}
