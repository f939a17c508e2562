import { accept, type Decider } from '#libs/kernel/decider/index.js';
import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { OrganisationId, StudentId, TenantId } from '#libs/kernel/ids/index.js';
import type {
  StudentCommand,
  StudentDetails,
  StudentEvent,
  StudentRefusal,
  StudentTold,
} from './messages.js';

export type StudentState =
  | { readonly status: 'absent' }
  | {
      readonly status: 'enrolled';
      readonly studentId: StudentId;
      readonly tenant: TenantId;
      readonly organisationId: OrganisationId;
      readonly studentNo: string;
      readonly details: StudentDetails;
    };

export const studentDecider: Decider<StudentCommand, StudentState, StudentEvent, StudentRefusal> = {
  initial: { status: 'absent' },
  decide({ studentId, tenant, organisationId, studentNo, told }, state) {
    if (state.status === 'absent') {
      const details = amended(UNKNOWN, told);
      return accept({
        type: 'StudentEnrolled',
        data: { studentId, tenant, organisationId, studentNo, ...details },
      });
    }
    const details = amended(state.details, told);
    if (sameDetails(details, state.details)) return accept();
    return accept({ type: 'StudentDetailsAmended', data: { studentId, ...details } });
  },
  evolve(state, event) {
    switch (event.type) {
      case 'StudentEnrolled': {
        if (state.status !== 'absent') throw new ImpossibleHistoryError('A student is enrolled once.');
        const { studentId, tenant, organisationId, studentNo, ...details } = event.data;
        return { status: 'enrolled', studentId, tenant, organisationId, studentNo, details };
      }
      case 'StudentDetailsAmended': {
        if (state.status === 'absent') throw new ImpossibleHistoryError('Details of nobody were amended.');
        const { studentId: _same, ...details } = event.data;
        return { ...state, details };
      }
      default:
        return assertNever(event, 'student event');
    }
  },
};

/** Whether a row tells anything new of the student. */
export function tellsNews(told: StudentTold, known: StudentDetails): boolean {
  return !sameDetails(amended(known, told), known);
}

const UNKNOWN: StudentDetails = {
  name: '',
  idNumber: null,
  phone: null,
  grade: '',
  className: '',
  major: '',
};

/** A person who was erased stays erased: the roster that still names them is no correction. */
function amended(known: StudentDetails, told: StudentTold): StudentDetails {
  const erased = known.name === null;
  return {
    name: erased ? null : told.name,
    idNumber: erased ? null : (told.idNumber ?? known.idNumber),
    phone: erased ? null : (told.phone ?? known.phone),
    grade: told.grade ?? known.grade,
    className: told.className ?? known.className,
    major: told.major ?? known.major,
  };
}

function sameDetails(a: StudentDetails, b: StudentDetails): boolean {
  return (
    a.name === b.name &&
    a.idNumber === b.idNumber &&
    a.phone === b.phone &&
    a.grade === b.grade &&
    a.className === b.className &&
    a.major === b.major
  );
}
