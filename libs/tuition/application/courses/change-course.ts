import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import { isUuid } from '#libs/kernel/ids/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { courseAggregate } from '../../codec/index.js';
import type { CourseCommand, CourseId, KnownCourse } from '../../domain/course/index.js';
import type { CoursePorts } from './course-ports.js';
import { refused } from './narrow.js';

/** The course, whoever asks; `undefined` when there is none in the tenant. */
export async function courseOf(
  { store }: CoursePorts,
  { caller }: RequestContext,
  courseId: CourseId,
): Promise<KnownCourse | undefined> {
  if (!isUuid(courseId)) return undefined;
  const { state } = await store.load(courseAggregate, courseId);
  return state.status !== 'absent' && state.tenant === caller.tenant ? state : undefined;
}

/** A course of the bursar's own school, changed once per key. */
export async function changeCourse(
  ports: CoursePorts,
  context: RequestContext,
  { courseId, idempotencyKey }: { readonly courseId: CourseId; readonly idempotencyKey: string },
  command: Extract<CourseCommand, { kind: 'reprice' | 'withdraw' }>,
) {
  const course = await courseOf(ports, context, courseId);
  if (course?.organisationId !== context.caller.organisation) return COURSE_NOT_FOUND;
  const scope = [courseId, command.kind, context.caller.accountId, idempotencyKey];
  const commandId = deriveUuid(UUID_NAMESPACES.command, ...scope);
  const requested = commandContext(context, commandId, command.at);
  const result = await ports.store.run(courseAggregate, courseId, command, requested);
  if (!result.accepted) return result;
  if (result.state.status === 'absent') return COURSE_NOT_FOUND;
  return { accepted: true as const, course: result.state };
}

export const COURSE_NOT_FOUND = refused('COURSE_NOT_FOUND', 'There is no such course.');
