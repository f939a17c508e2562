import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { mayReadOrganisation } from '#libs/security/port/index.js';
import { billingTermsAggregate } from '../codec/index.js';
import { billingTermsIdFor, BillingTermsOf, type BillingTermsView } from '../contract/index.js';
import { DEFAULT_TERMS, versionOn } from '../domain/billing-terms/index.js';

/** From the stream: a few versions, and never behind what a bill is issued under. */
@QueryHandler(BillingTermsOf)
export class BillingTermsOfHandler implements IQueryHandler<BillingTermsOf> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({
    context: { caller },
    organisationId,
  }: BillingTermsOf): Promise<readonly BillingTermsView[]> {
    if (!mayReadOrganisation(caller, organisationId)) return [];
    const { state } = await this.store.load(
      billingTermsAggregate,
      billingTermsIdFor(caller.tenant, organisationId),
    );
    const current = versionOn(state, localDateOf(this.runtime.clock.now()));
    const versions = state.versions
      .map((version) => ({
        effectiveFrom: version.effectiveFrom,
        setAt: version.setAt,
        inForce: version === current,
        terms: version.terms,
      }))
      .sort(newestFirst);
    const standard = { effectiveFrom: null, setAt: null, inForce: !current, terms: DEFAULT_TERMS };
    return [...versions, standard];
  }
}

type Version = Pick<BillingTermsView, 'effectiveFrom' | 'setAt'>;

function newestFirst(a: Version, b: Version): number {
  const [one, other] = [a, b].map(({ effectiveFrom, setAt }) => `${effectiveFrom} ${setAt}`);
  return one! < other! ? 1 : -1;
}
