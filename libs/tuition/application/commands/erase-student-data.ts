import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { isUuid } from '#libs/kernel/ids/index.js';
import { erasePersonalData } from '#libs/security/privacy/index.js';
import { studentAggregate } from '../../codec/index.js';
import { EraseStudentData, type StudentView } from '../../contract/index.js';
import { commandIdFor, subjectOfStudent } from '../ids.js';
import { TuitionPorts } from '../ports.js';
import { isBursarOf } from '../requests.js';

type Answer = Outcome<StudentView, Rejection<'FORBIDDEN' | 'STUDENT_NOT_FOUND'>>;

/** Destroys the student's key: name, identity number and phone are gone from log, views and backups. Bills stay. */
@CommandHandler(EraseStudentData)
export class EraseStudentDataHandler implements ICommandHandler<EraseStudentData> {
  constructor(private readonly ports: TuitionPorts) {}

  async execute({ context, studentId }: EraseStudentData): Promise<Answer> {
    if (!context.caller.roles.includes('bursar')) {
      return refused('FORBIDDEN', "Only a bursar may erase a student's data.");
    }
    const { store, keys, runtime } = this.ports;
    const { state } = isUuid(studentId)
      ? await store.load(studentAggregate, studentId)
      : { state: { status: 'absent' as const } };
    if (state.status === 'absent' || !isBursarOf(context, state)) {
      return refused('STUDENT_NOT_FOUND', 'There is no such student.');
    }
    const command = commandContext(context, commandIdFor(studentId, 'erase'), runtime.clock.now());
    await erasePersonalData({ keys, store }, subjectOfStudent(studentId), command);
    const { organisationId, studentNo, details } = state;
    const { grade, className } = details;
    return {
      accepted: true,
      value: { id: studentId, organisationId, studentNo, name: null, grade, className },
    };
  }
}

function refused<Code extends string>(code: Code, message: string) {
  return { accepted: false as const, rejection: { code, message } };
}
