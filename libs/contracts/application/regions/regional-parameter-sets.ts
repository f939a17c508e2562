import { Inject, Injectable } from '@nestjs/common';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { TenantId } from '#libs/kernel/ids/index.js';
import { addMs, localDateOf, type LocalDate } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { regionAggregate, regionStreamId } from '../../codec/language-aggregates.js';
import type { RegionalParameters, Regions } from '../../contract/templates.js';
import { BUILT_IN_REGIONS, setOn, type ParameterSet } from '../../domain/region/index.js';

/** A command that sets parameters lives for seconds; by then whatever was decided the day before is in the log. */
const SETTLED_AFTER_MS = 60_000;
/** Tenants times regions times days; a program serves a handful of tenants and restarts now and then. */
const MOST_REMEMBERED = 1_000;

const REGION = /^[A-Z][A-Za-z0-9-]{1,31}$/;

/** What regions set. A day that has begun keeps its parameters: each is read once and remembered, so that a command costs no read. */
@Injectable()
export class RegionalParameterSets implements Regions {
  readonly #days = new Map<string, RegionalParameters>();

  constructor(
    @Inject(DECIDER_STORE) private readonly store: Pick<DeciderStore, 'load'>,
    @Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'clock'>,
  ) {}

  async on(tenant: TenantId, region: string, date: LocalDate): Promise<RegionalParameters | undefined> {
    if (!REGION.test(region)) return undefined;
    const key = `${date} ${tenant} ${region}`;
    const known = this.#days.get(key);
    if (known) return known;
    const { state } = await this.store.load(regionAggregate, regionStreamId(tenant, region));
    const set = setOn(state.sets, BUILT_IN_REGIONS.get(region), date);
    if (!set) return undefined;
    const parameters = parametersOf(set);
    if (this.#isSettled(date)) this.#remember(key, parameters);
    return parameters;
  }

  #isSettled(date: LocalDate): boolean {
    return localDateOf(addMs(this.runtime.clock.now(), -SETTLED_AFTER_MS)) >= date;
  }

  #remember(key: string, parameters: RegionalParameters): void {
    if (this.#days.size >= MOST_REMEMBERED) this.#days.clear();
    this.#days.set(key, parameters);
  }
}

function parametersOf({
  region,
  effectiveFrom,
  zone,
  holidays,
  workingDays,
  values,
}: ParameterSet): RegionalParameters {
  const calendar = { region, zone, holidays: new Set(holidays), workingDays: new Set(workingDays) };
  return { region, effectiveFrom, calendar, values };
}
