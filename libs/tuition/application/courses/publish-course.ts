import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import { asId, assertIdempotencyKey, type TenantId } from '#libs/kernel/ids/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import { MERCHANTS, type Merchants } from '#libs/onboarding/contract/index.js';
import { courseAggregate } from '../../codec/index.js';
import { PublishCourse } from '../../contract/courses.js';
import type { CourseId } from '../../domain/course/index.js';
import { assetOf, packagesOf } from './offer.js';
import { CoursePorts } from './course-ports.js';
import { narrow, refused } from './narrow.js';
import { FORBIDDEN } from './order-access.js';
import { courseViewOf } from './order-view.js';

/** A bursar gives the school's word: whoever orders at this price has a contract that the school has signed. */
@CommandHandler(PublishCourse)
export class PublishCourseHandler implements ICommandHandler<PublishCourse> {
  constructor(
    private readonly ports: CoursePorts,
    @Inject(MERCHANTS) private readonly organisations: Merchants,
  ) {}

  async execute({ context, input }: PublishCourse) {
    const { tenant, organisation, accountId, roles } = context.caller;
    const { idempotencyKey, packages, ...offer } = input;
    if (organisation === undefined || !roles.includes('bursar')) return FORBIDDEN;
    assertIdempotencyKey(idempotencyKey);
    const asset = assetOf(packages);
    if (!asset || !(await this.#exists(tenant, offer.authorityId))) return INVALID;
    const scope = [tenant, organisation, accountId, idempotencyKey];
    const courseId: CourseId = asId(deriveUuid(UUID_NAMESPACES.entity, 'course', ...scope));
    const terms = { ...offer, asset, packages: packagesOf(packages) };
    const conflict = await this.ports.claim(context, 'publishCourse', {
      idempotencyKey,
      input: [JSON.stringify(terms, (_, part: unknown) => (typeof part === 'bigint' ? `${part}` : part))],
    });
    if (conflict) return { accepted: false as const, rejection: conflict };
    const at = this.ports.now();
    const result = await this.ports.store.run(
      courseAggregate,
      courseId,
      { kind: 'publish', courseId, tenant, organisationId: organisation, account: accountId, at, ...terms },
      commandContext(context, deriveUuid(UUID_NAMESPACES.command, courseId, 'publish'), at),
    );
    if (!result.accepted) return narrow(result.rejection, ['INVALID_COURSE', 'IDEMPOTENCY_CONFLICT']);
    if (result.state.status === 'absent') throw new Error('A published course is missing.');
    return { accepted: true as const, value: courseViewOf(result.state) };
  }

  async #exists(tenant: TenantId, organisationId: PublishCourse['input']['authorityId']): Promise<boolean> {
    const today = localDateOf(this.ports.now());
    return (await this.organisations.find(tenant, organisationId, today)) !== undefined;
  }
}

const INVALID = refused('INVALID_COURSE', 'The authority is not known, or prices are of several currencies.');
