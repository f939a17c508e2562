import { Inject, Injectable } from '@nestjs/common';
import type { DecodedEvent, EventSet } from '#libs/event-log/codec/types.js';
import type { ProcessManager } from '#libs/event-log/consumers/types.js';
import type { ContractId } from '#libs/kernel/ids/index.js';
import { courseOrderEvents } from '../../codec/index.js';
import type {
  CloseReason,
  CourseOrderCommand,
  CourseOrderEvent,
  KnownOrder,
} from '../../domain/course-order/index.js';
import { ACTOR, ContractSteps } from './contract-steps.js';
import { CoursePorts } from './course-ports.js';

/** Injection token of an `EventSet` with the events of release contracts, handed over by the composition root. */
export const COURSE_CONTRACT_EVENTS = Symbol('COURSE_CONTRACT_EVENTS');

/** What is read of the contracts' events. */
const FOLLOWED = ['ContractClosed', 'ContractAmended', 'AmendmentWithdrawn'] as const;

interface ContractNews {
  readonly contractId: ContractId;
  readonly reason?: CloseReason;
  readonly amendmentId?: string;
}

/**
 * Does the contract's part of whatever an order says, should the request that said it have died in between, and tells the order
 * what became of the contract. Steps carry ids of order and step: what the request has done is answered and stores nothing.
 */
@Injectable()
export class CourseOrderFollower implements ProcessManager {
  readonly name = 'course-orders';
  readonly events: readonly EventSet[];
  /** Orders have nothing to do with each other. */
  readonly concurrency = 8;

  constructor(
    private readonly ports: CoursePorts,
    private readonly steps: ContractSteps,
    @Inject(COURSE_CONTRACT_EVENTS) contractEvents: EventSet,
  ) {
    this.events = [courseOrderEvents as unknown as EventSet, followedOf(contractEvents)];
  }

  async react({ event }: DecodedEvent): Promise<void> {
    const type = event.type as CourseOrderEvent['type'] | (typeof FOLLOWED)[number];
    switch (type) {
      case 'ContractClosed':
      case 'ContractAmended':
      case 'AmendmentWithdrawn':
        return this.#follow(type, event.data as ContractNews);
      default:
        return this.#goOn(event as CourseOrderEvent);
    }
  }

  async #goOn(event: CourseOrderEvent): Promise<void> {
    switch (event.type) {
      case 'CourseOrdered':
      case 'LessonDelivered':
      case 'OrderWithdrawn':
      case 'OrderPriceProposed': {
        const order = await this.ports.order(event.data.orderId);
        if (order && order.status !== 'closed') await this.#pass(event, order);
        return;
      }
      default:
        return;
    }
  }

  /** What an order said and still says. A refusal by the contract has been recorded by the step itself. */
  async #pass(event: CourseOrderEvent, order: KnownOrder): Promise<void> {
    switch (event.type) {
      case 'CourseOrdered':
        await this.steps.draft(order);
        return;
      case 'LessonDelivered': {
        const lesson = order.times.get(event.data.lessonNo);
        const isCurrent = lesson?.status === 'delivered' && lesson.attempts === event.data.attempt;
        if (isCurrent) await this.steps.handOver(order, event.data.lessonNo);
        return;
      }
      case 'OrderWithdrawn':
        if (order.status === 'withdrawn' && order.withdrawals === event.data.attempt) {
          await this.steps.passWithdrawal(order, event.data.reason);
        }
        return;
      case 'OrderPriceProposed':
        if (order.proposal?.amendmentId === event.data.amendmentId) await this.steps.passPrice(order);
        return;
      default:
        return;
    }
  }

  async #follow(type: (typeof FOLLOWED)[number], news: ContractNews): Promise<void> {
    // An order's contract has the order's id; any other contract has no order.
    const order = await this.ports.order(news.contractId);
    if (!order) return;
    const at = this.ports.now();
    const { reason, amendmentId } = news;
    switch (type) {
      case 'ContractClosed':
        if (reason) await this.#tell(order, 'closed', { kind: 'close', reason, code: null, at });
        return;
      case 'ContractAmended':
        if (amendmentId !== undefined)
          await this.#tell(order, `reprice ${amendmentId}`, { kind: 'reprice', amendmentId, at });
        return;
      case 'AmendmentWithdrawn':
        if (amendmentId !== undefined) {
          const command = { kind: 'dropPrice', amendmentId, code: 'WITHDRAWN', at } as const;
          await this.#tell(order, `taken back ${amendmentId}`, command);
        }
        return;
    }
  }

  async #tell(order: KnownOrder, name: string, command: CourseOrderCommand): Promise<void> {
    await this.ports.decide(order, { name, actor: ACTOR, correlationId: order.orderId }, command);
  }
}

function followedOf({ context, types }: EventSet): EventSet {
  const all = types as Readonly<Record<string, EventSet['types'][string]>>;
  const followed = FOLLOWED.map((type) => [type, all[type]!] as const);
  return { context, types: Object.fromEntries(followed) };
}
