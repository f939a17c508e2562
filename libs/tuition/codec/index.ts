import type { EventSet } from '#libs/event-log/codec/types.js';
import type { Aggregate } from '#libs/event-log/runner/types.js';
import {
  importDecider,
  type ImportCommand,
  type ImportEvent,
  type ImportRefusal,
  type ImportState,
} from '../domain/roster-import/index.js';
import {
  studentDecider,
  type StudentCommand,
  type StudentEvent,
  type StudentRefusal,
  type StudentState,
} from '../domain/student/index.js';
import { importEvents } from './import-events.js';
import { studentEvents } from './student-events.js';

export { importEvents, studentEvents };

/** `student-<id>` */
export const studentAggregate: Aggregate<StudentCommand, StudentState, StudentEvent, StudentRefusal> = {
  category: 'student',
  decider: studentDecider,
  events: studentEvents,
};

/** `import-<id>` */
export const importAggregate: Aggregate<ImportCommand, ImportState, ImportEvent, ImportRefusal> = {
  category: 'import',
  decider: importDecider,
  events: importEvents,
};

/** Everything tuition stores, for the catalogue of a program. */
export const tuitionEventSets: readonly EventSet[] = [
  studentEvents as unknown as EventSet,
  importEvents as unknown as EventSet,
];
