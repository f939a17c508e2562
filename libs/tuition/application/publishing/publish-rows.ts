import { commandContext } from '#libs/event-log/runner/command-context.js';
import { IssueBill, type IssueEffect } from '#libs/billing/contract/index.js';
import type { SubjectId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { studentAggregate } from '../../codec/index.js';
import type { PublishFigures, PublishingImport, RefusedRow } from '../../domain/roster-import/index.js';
import { Lane } from '../lane.js';
import type { TuitionEnvironment } from '../environment.js';
import { commandIdFor, subjectOfStudent } from '../ids.js';

import type { StagedRow, StagingIndex } from '../staging/records.js';
import type { Staging } from '../staging/staging.js';

/** Bills issued at the same time: enough to fill the log's group commits, few enough to leave room for payers. */
const ISSUES_IN_FLIGHT = 256;
/** Reasons kept in the event; the count is always whole. */
const MAX_REFUSALS = 100;
/** Pauses before a row is tried again with the identical command; after the last the job as a whole pauses. */
const RETRY_PAUSES_MS = [20, 100, 500];

export interface PublishTask {
  readonly state: PublishingImport;
  readonly context: RequestContext;
  readonly staging: Staging;
  readonly index: StagingIndex;
  readonly signal: AbortSignal;
  /** Chunks up to here are issued. */
  progress(rows: number, figures: PublishFigures): Promise<void>;
}

export interface PublishOutcome {
  readonly figures: PublishFigures;
  readonly refusals: readonly RefusedRow[];
}

type PublishableRow = StagedRow & { readonly issue: NonNullable<StagedRow['issue']> };

/**
 * Turns staged rows into students and bills, chunk by chunk, from where an earlier run left off. Rows after the last
 * progress are issued again after a crash: ids of bills and commands derive from the import and the row, so that nothing
 * is doubled.
 */
export async function publishRows(
  environment: TuitionEnvironment,
  task: PublishTask,
): Promise<PublishOutcome> {
  const run = new PublishRun(environment, task);
  try {
    let done = 0;
    for (const [chunk, { rows }] of task.index.rowChunks.entries()) {
      done += rows;
      if (done <= task.state.processed) continue;
      task.signal.throwIfAborted();
      await run.publish(done, (await task.staging.rows(chunk)).filter(isPublishable));
    }
    await run.completed();
  } finally {
    await run.settled();
  }
  return { figures: run.figures(), refusals: run.refusals() };
}

function isPublishable(row: StagedRow): row is PublishableRow {
  return row.issue !== undefined;
}

type Counts = Record<IssueEffect | 'refused', number>;

/** A chunk whose rows are being issued. */
interface ChunkUnderWay {
  /** Rows up to its end. */
  readonly done: number;
  readonly counts: Counts;
  readonly finished: Promise<void>;
}

class PublishRun {
  /** Of completed chunks only: what is reported must not count a row that a restart would count again. */
  private readonly counts: Counts;
  private readonly refused: RefusedRow[] = [];
  private readonly at: Instant;
  private readonly lane = new Lane(ISSUES_IN_FLIGHT);
  /** The chunk before the one being read, so that its last commits are not waited for with nothing else to do. */
  private underWay: ChunkUnderWay | undefined;

  constructor(
    private readonly environment: TuitionEnvironment,
    private readonly task: PublishTask,
  ) {
    this.counts = { ...task.state.figures };
    this.at = environment.ports.runtime.clock.now();
  }

  figures(): PublishFigures {
    return { ...this.counts };
  }

  refusals(): readonly RefusedRow[] {
    return this.refused.toSorted((a, b) => a.row - b.row).slice(0, MAX_REFUSALS);
  }

  /** What the preview showed is what happens: rows that were unchanged or paid are not touched, whatever came since. */
  async publish(done: number, rows: readonly PublishableRow[]): Promise<void> {
    const counts: Counts = { issued: 0, amended: 0, unchanged: 0, refused: 0 };
    for (const row of rows) {
      if (row.kind === 'unchanged') counts.unchanged += 1;
      else if (row.kind === 'paid') this.refuse(row, 'BILL_ALREADY_PAID', counts);
    }
    const issued = rows.filter(({ kind }) => kind === 'added' || kind === 'changed');
    // One durable write for all new keys of the chunk, instead of one per student.
    const subjects = new Set<SubjectId>(issued.map(({ issue }) => subjectOfStudent(issue.studentId)));
    await this.environment.ports.keys.obtain([...subjects]);
    const finished = this.lane.each(issued, (row) => this.issueRow(row, counts));
    const chunk = { done, counts, finished };
    await this.completed();
    this.underWay = chunk;
  }

  /** Waits for the chunk under way and reports it. */
  async completed(): Promise<void> {
    const chunk = this.underWay;
    if (!chunk) return;
    await chunk.finished;
    this.underWay = undefined;
    for (const effect of Object.keys(chunk.counts) as (keyof Counts)[]) {
      this.counts[effect] += chunk.counts[effect];
    }
    await this.task.progress(chunk.done, this.figures());
  }

  /** Nothing is in flight any more; never throws. */
  settled(): Promise<void> {
    return this.lane.drained();
  }

  private async issueRow(row: PublishableRow, counts: Counts): Promise<void> {
    this.task.signal.throwIfAborted();
    await this.retried(() => this.publishRow(row, counts));
  }

  private async publishRow(row: PublishableRow, counts: Counts): Promise<void> {
    const enrolment = row.issue.enrols ? this.enrol(row) : undefined;
    const [outcome] = await Promise.all([
      this.environment.buses.commands.execute(this.issueOf(row)),
      enrolment,
    ]);
    if (outcome.accepted) counts[outcome.value.effect] += 1;
    else this.refuse(row, outcome.rejection.code, counts);
  }

  private issueOf({ billId, studentNo, issue }: PublishableRow): IssueBill {
    const { state, context } = this.task;
    const content = {
      payer: {
        subjectId: subjectOfStudent(issue.studentId),
        number: studentNo,
        name: issue.told.name,
        group: issue.className,
        grade: issue.grade,
      },
      academicYear: issue.academicYear,
      term: issue.term,
      feeItemId: issue.feeItemId,
      amount: money(CNY, BigInt(issue.amount)),
      waived: money(CNY, BigInt(issue.waived)),
      dueDate: issue.dueDate,
    };
    return new IssueBill(
      context,
      state.organisationId,
      content,
      commandIdFor(state.importId, 'issue', billId),
    );
  }

  private async enrol({ studentNo, issue }: PublishableRow): Promise<void> {
    const { state, context } = this.task;
    const { studentId, told } = issue;
    const { tenant, organisationId, importId } = state;
    const asked = commandContext(context, commandIdFor(importId, 'enrol', studentId), this.at);
    const command = { kind: 'enrol' as const, studentId, tenant, organisationId, studentNo, told };
    await this.environment.ports.store.run(studentAggregate, studentId, command, asked);
  }

  private refuse({ row }: StagedRow, code: string, counts: Counts): void {
    counts.refused += 1;
    if (this.refused.length < MAX_REFUSALS) this.refused.push({ row, code });
  }

  /** Overload and timeouts pass; the identical command finds what the first try may have stored. */
  private async retried(act: () => Promise<void>): Promise<void> {
    const { timers } = this.environment.ports.runtime;
    for (const pauseMs of RETRY_PAUSES_MS) {
      try {
        return await act();
      } catch {
        await timers.sleep(pauseMs, this.task.signal);
      }
    }
    return act();
  }
}
