import { Inject, Injectable } from '@nestjs/common';
import { RELEASE_CONTRACTS, type ReleaseContracts } from '#libs/contracts/contract/release-contracts.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { claimKey } from '#libs/event-log/runner/request-register.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import { isUuid } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { courseOrderAggregate } from '../../codec/index.js';
import type {
  CourseOrderCommand,
  CourseOrderId,
  CourseOrderRefusal,
  KnownOrder,
} from '../../domain/course-order/index.js';

export type Decided =
  | { readonly accepted: true; readonly order: KnownOrder }
  | { readonly accepted: false; readonly rejection: CourseOrderRefusal };

/** Streams of course orders, and the contracts behind them. */
@Injectable()
export class CoursePorts {
  constructor(
    @Inject(DECIDER_STORE) readonly store: DeciderStore,
    @Inject(RUNTIME) readonly runtime: Runtime,
    @Inject(RELEASE_CONTRACTS) readonly contracts: ReleaseContracts,
  ) {}

  now(): Instant {
    return this.runtime.clock.now();
  }

  /** `undefined` when there is none; whoever may see it is the caller's to check. */
  async order(orderId: string): Promise<KnownOrder | undefined> {
    if (!isUuid(orderId)) return undefined;
    const { state } = await this.store.load(courseOrderAggregate, orderId);
    return state.status === 'absent' ? undefined : state;
  }

  /** `step` and the order name the command: the same step again is answered as the first time. */
  async decide(
    order: Pick<KnownOrder, 'orderId' | 'tenant' | 'organisationId'>,
    step: { readonly name: string; readonly actor: string; readonly correlationId: string },
    command: CourseOrderCommand,
  ): Promise<Decided> {
    const { orderId, tenant, organisationId: organisation } = order;
    const { actor, correlationId, name } = step;
    const commandId = orderCommandId(orderId, name);
    const context = { commandId, correlationId, actor, tenant, organisation, at: this.now() };
    const result = await this.store.run(courseOrderAggregate, orderId, command, {
      ...context,
      replayEvents: false,
    });
    if (!result.accepted) return result;
    if (result.state.status === 'absent') throw new Error(`Course order ${orderId} is missing.`);
    return { accepted: true, order: result.state };
  }

  /** One key, one input. */
  claim(
    context: RequestContext,
    operation: string,
    { idempotencyKey, input }: { readonly idempotencyKey: string; readonly input: readonly string[] },
  ): Promise<Rejection<'IDEMPOTENCY_CONFLICT'> | undefined> {
    const register = { store: this.store, at: this.now() };
    return claimKey(register, context, { operation, idempotencyKey, input });
  }
}

export function orderCommandId(orderId: CourseOrderId, step: string): string {
  return deriveUuid(UUID_NAMESPACES.command, 'courseOrder', orderId, step);
}
