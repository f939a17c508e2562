import {
  DEMO_HIGH_SCHOOL,
  DEMO_PRIMARY_SCHOOL,
  DEMO_TRAINING_CENTRE,
  type DemoOrganisation,
} from '#libs/security/adapters/demo/demo-directory.js';

export interface DemoFeeItem {
  readonly code: string;
  readonly name: string;
  readonly category: string;
  readonly glCode: string;
  readonly priority: number;
}

/** Bills handed out on one day: every student gets one of each fee. */
export interface DemoWave {
  readonly name: string;
  /** Days before today; the bills are issued that morning. */
  readonly issuedDaysAgo: number;
  readonly dueDaysAfterIssue: number;
  /** Fen by fee item and by grade (the first grade's when the grade has none of its own). */
  readonly fees: readonly { readonly code: string; readonly fenByGrade: readonly bigint[] }[];
}

export interface DemoSchool {
  readonly organisation: DemoOrganisation;
  /** In the first run, a tenth of the whole. */
  readonly studentsInSlice: number;
  readonly grades: readonly string[];
  readonly classesPerGrade: number;
  /** Leads every student number; none of them occurs in the sample workbooks. */
  readonly numberPrefix: string;
  /** Birth year of the first grade, counted back from this year. */
  readonly ageOfFirstGrade: number;
  readonly feeItems: readonly DemoFeeItem[];
  readonly waves: readonly DemoWave[];
}

const TUITION: DemoFeeItem = { code: 'TUITION', name: '学费', category: '学费', glCode: '4001', priority: 1 };
const DORM: DemoFeeItem = { code: 'DORM', name: '住宿费', category: '住宿费', glCode: '4002', priority: 2 };
const BOOK: DemoFeeItem = { code: 'BOOK', name: '书本费', category: '代收费', glCode: '2241', priority: 3 };
const MEAL: DemoFeeItem = { code: 'MEAL', name: '伙食费', category: '代收费', glCode: '2242', priority: 4 };

/** Figures of 1-product, "Demo data": the first run seeds a tenth of them. */
export const DEMO_SCHOOLS: readonly DemoSchool[] = [
  {
    organisation: DEMO_HIGH_SCHOOL,
    studentsInSlice: 180,
    grades: ['高一', '高二', '高三'],
    classesPerGrade: 4,
    numberPrefix: '88',
    ageOfFirstGrade: 16,
    feeItems: [TUITION, DORM, BOOK, MEAL],
    waves: [
      {
        name: '学费与书本费',
        issuedDaysAgo: 35,
        dueDaysAfterIssue: 14,
        fees: [
          { code: 'TUITION', fenByGrade: [140_950n, 140_950n, 128_000n] },
          { code: 'BOOK', fenByGrade: [36_080n, 34_250n, 41_806n] },
        ],
      },
      {
        name: '住宿费',
        issuedDaysAgo: 5,
        dueDaysAfterIssue: 30,
        fees: [{ code: 'DORM', fenByGrade: [80_000n] }],
      },
    ],
  },
  {
    organisation: DEMO_PRIMARY_SCHOOL,
    studentsInSlice: 70,
    grades: ['一年级', '二年级', '三年级', '四年级', '五年级', '六年级'],
    classesPerGrade: 3,
    numberPrefix: '66',
    ageOfFirstGrade: 7,
    feeItems: [BOOK, MEAL, TUITION],
    waves: [
      {
        name: '书本费',
        issuedDaysAgo: 34,
        dueDaysAfterIssue: 14,
        fees: [{ code: 'BOOK', fenByGrade: [12_600n, 13_250n, 14_108n, 14_870n, 15_360n, 16_240n] }],
      },
      {
        name: '伙食费',
        issuedDaysAgo: 6,
        dueDaysAfterIssue: 15,
        fees: [{ code: 'MEAL', fenByGrade: [48_000n] }],
      },
    ],
  },
  {
    organisation: DEMO_TRAINING_CENTRE,
    studentsInSlice: 12,
    grades: ['12 课时班', '24 课时班', '48 课时班'],
    classesPerGrade: 1,
    numberPrefix: '77',
    ageOfFirstGrade: 10,
    feeItems: [{ ...TUITION, name: '课程费', category: '培训费' }],
    waves: [
      {
        name: '课程费',
        issuedDaysAgo: 20,
        dueDaysAfterIssue: 28,
        fees: [{ code: 'TUITION', fenByGrade: [120_000n, 228_000n, 432_000n] }],
      },
    ],
  },
];
