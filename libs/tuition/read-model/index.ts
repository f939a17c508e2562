import type { Provider } from '@nestjs/common';
import type { Projection } from '#libs/event-log/consumers/types.js';
import { CourseOrderByIdHandler, CourseOrdersOfHandler, LessonsOfHandler } from './course-order-queries.js';
import { CourseByIdHandler, CoursesOfHandler } from './course-queries.js';
import { ImportsOfHandler } from './imports-of.js';
import { StudentsOfHandler } from './students-of.js';
import { tuitionProjection } from './tuition-projection.js';

export { coursesProjection } from './courses-projection.js';
export { OpenImportsInViews } from './open-imports.js';

/** The read side of tuition. Needs `VIEWS`. */
export const tuitionQueries: readonly Provider[] = [ImportsOfHandler, StudentsOfHandler];

/** Of prepaid courses; need the tables of `coursesProjection`. */
export const courseQueries: readonly Provider[] = [
  CoursesOfHandler,
  CourseByIdHandler,
  CourseOrdersOfHandler,
  CourseOrderByIdHandler,
  LessonsOfHandler,
];

/** `tuition`: streams `student-`, `import-` and `subject-`. */
export const tuitionProjections: readonly Projection[] = [tuitionProjection];
