import type { EventSet } from '#libs/event-log/codec/types.js';
import { requestEventSet } from '#libs/event-log/runner/request-register.js';
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
import {
  courseDecider,
  type CourseCommand,
  type CourseEvent,
  type CourseRefusal,
  type CourseState,
} from '../domain/course/index.js';
import {
  courseOrderDecider,
  type CourseOrderCommand,
  type CourseOrderEvent,
  type CourseOrderRefusal,
  type CourseOrderState,
} from '../domain/course-order/index.js';
import { courseEvents } from './course-events.js';
import { courseOrderEvents } from './course-order-events.js';
import { importEvents } from './import-events.js';
import { studentEvents } from './student-events.js';

export { courseEvents, courseOrderEvents, importEvents, studentEvents };

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

/** `course-<id>` */
export const courseAggregate: Aggregate<CourseCommand, CourseState, CourseEvent, CourseRefusal> = {
  category: 'course',
  decider: courseDecider,
  events: courseEvents,
};

/** `courseOrder-<id>` */
export const courseOrderAggregate: Aggregate<
  CourseOrderCommand,
  CourseOrderState,
  CourseOrderEvent,
  CourseOrderRefusal
> = {
  category: 'courseOrder',
  decider: courseOrderDecider,
  events: courseOrderEvents,
};

/** Everything tuition stores, for the catalogue of a program. */
export const tuitionEventSets: readonly EventSet[] = [
  studentEvents as unknown as EventSet,
  importEvents as unknown as EventSet,
  courseEvents as unknown as EventSet,
  courseOrderEvents as unknown as EventSet,
  requestEventSet,
];
