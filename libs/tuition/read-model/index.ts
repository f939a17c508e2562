import type { Provider } from '@nestjs/common';
import type { Projection } from '#libs/event-log/consumers/types.js';
import { ImportsOfHandler } from './imports-of.js';
import { StudentsOfHandler } from './students-of.js';
import { tuitionProjection } from './tuition-projection.js';

export { OpenImportsInViews } from './open-imports.js';

/** The read side of tuition. Needs `VIEWS`. */
export const tuitionQueries: readonly Provider[] = [ImportsOfHandler, StudentsOfHandler];

/** `tuition`: streams `student-`, `import-` and `subject-`. */
export const tuitionProjections: readonly Projection[] = [tuitionProjection];
