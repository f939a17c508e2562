/** Templates, regional parameters and previews of release contracts, as others see them. */
import { Command, Query } from '@nestjs/cqrs';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { TenantId } from '#libs/kernel/ids/index.js';
import type { Asset, Money } from '#libs/kernel/money/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { Calendar } from '../domain/calendar/types.js';
import type { SimulatedAct, SimulatedLine } from '../domain/simulation/types.js';
import type { LintFinding } from '../domain/template/findings.js';
import type {
  ParameterType,
  ParameterValue,
  ParameterValues,
  Template,
  Words,
} from '../domain/template/types.js';

export type { Calendar, LintFinding, SimulatedAct };

// --- services, in the same process -----------------------------------------------------------------------------------

export interface PublishedTemplate {
  readonly template: Template;
  /** SHA-256, hex, of the template's RFC 8785 JSON. */
  readonly hash: string;
  /** Null: built in. */
  readonly publishedAt: Instant | null;
  /** Account id; null: built in. */
  readonly publishedBy: string | null;
}

/** Published templates of a tenant, the built-in ones among them; bind with `TEMPLATES`. @throws EventLogError */
export interface ReleaseTemplates {
  /** Without a version: the newest. */
  find(tenant: TenantId, id: string, version?: string): Promise<PublishedTemplate | undefined>;
  /** Oldest version first; empty for an unknown id. */
  versions(tenant: TenantId, id: string): Promise<readonly PublishedTemplate[]>;
}

export const TEMPLATES = Symbol('TEMPLATES');

/** What a region has set, as of one day. */
export interface RegionalParameters {
  readonly region: string;
  readonly effectiveFrom: LocalDate;
  readonly calendar: Calendar;
  /** By template id, then by parameter. */
  readonly values: Readonly<Record<string, ParameterValues>>;
}

/** Bind with `REGIONS`. @throws EventLogError */
export interface Regions {
  /** Undefined for a region that is neither built in nor set by the tenant for that day. */
  on(tenant: TenantId, region: string, date: LocalDate): Promise<RegionalParameters | undefined>;
}

export const REGIONS = Symbol('REGIONS');

// --- templates -------------------------------------------------------------------------------------------------------

export interface TemplateHasFindings extends Rejection<'TEMPLATE_HAS_FINDINGS'> {
  readonly findings: readonly LintFinding[];
}

export interface TemplateParameterView {
  readonly name: string;
  readonly type: ParameterType;
  readonly title: Words;
  readonly from: 'instance' | 'region';
  readonly min?: string;
  readonly max?: string;
}

export interface TemplateView {
  readonly id: string;
  readonly version: string;
  readonly hash: string;
  readonly title: Words;
  readonly summary: Words;
  readonly asset: Asset;
  readonly roles: readonly {
    readonly role: string;
    readonly title: Words;
    readonly signs: boolean;
    readonly optional: boolean;
  }[];
  readonly parameters: readonly TemplateParameterView[];
  readonly rules: readonly {
    readonly ruleId: string;
    readonly title: Words;
    readonly kind: 'release' | 'refund';
  }[];
  readonly builtIn: boolean;
  readonly publishedAt: Instant | null;
  /** The whole document as JSON text. */
  readonly document: string;
}

/** Role `bd` of the tenant. The same content again is answered as the first time. */
export class PublishTemplate extends Command<
  Outcome<
    TemplateView,
    Rejection<'FORBIDDEN' | 'TEMPLATE_VERSION_EXISTS' | 'TEMPLATE_VERSION_TOO_LOW'> | TemplateHasFindings
  >
> {
  constructor(
    readonly context: RequestContext,
    /** YAML or JSON, at most 64 KiB. */
    readonly input: { readonly document: string },
  ) {
    super();
  }
}

/** What publishing would find wrong with a document; empty: nothing. Any account of the tenant. */
export class TemplateFindings extends Query<readonly LintFinding[]> {
  constructor(
    readonly context: RequestContext,
    readonly document: string,
  ) {
    super();
  }
}

/** The newest version of every template, by id. Any account of the tenant. */
export class Templates extends Query<readonly TemplateView[]> {
  constructor(readonly context: RequestContext) {
    super();
  }
}

/** One version, the newest if none is named; with the numbers of all. Any account of the tenant. */
export class TemplateVersion extends Query<
  { readonly template: TemplateView; readonly versions: readonly string[] } | undefined
> {
  constructor(
    readonly context: RequestContext,
    readonly id: string,
    readonly version?: string,
  ) {
    super();
  }
}

// --- regions ---------------------------------------------------------------------------------------------------------

export interface RegionalValue {
  readonly templateId: string;
  readonly parameter: string;
  readonly value: ParameterValue;
}

export interface RegionalParametersView {
  readonly region: string;
  readonly effectiveFrom: LocalDate;
  readonly zone: string;
  readonly holidays: readonly LocalDate[];
  readonly workingDays: readonly LocalDate[];
  readonly values: readonly RegionalValue[];
}

export interface SetRegionalParametersInput extends RegionalParametersView {
  readonly idempotencyKey: string;
  readonly reason: string;
}

export interface RegionalProposal extends RegionalParametersView {
  /** Id of the proposal and of the approval it waits for. */
  readonly id: string;
}

/**
 * Role `ops` of the tenant; a second person approves (approval kind `rateRule`). The whole set takes the place of the one before, from
 * a coming day on; contracts drafted before keep what they were drafted with.
 */
export class SetRegionalParameters extends Command<
  Outcome<
    RegionalProposal,
    Rejection<
      'FORBIDDEN' | 'IDEMPOTENCY_CONFLICT' | 'PARAMETERS_FOR_THE_PAST' | 'INVALID_REGIONAL_PARAMETERS'
    >
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: SetRegionalParametersInput,
  ) {
    super();
  }
}

/** As of a day, today if none is named. Any account of the tenant. */
export class RegionalParametersOf extends Query<RegionalParametersView | undefined> {
  constructor(
    readonly context: RequestContext,
    readonly region: string,
    readonly on?: LocalDate,
  ) {
    super();
  }
}

// --- previews --------------------------------------------------------------------------------------------------------

export interface SimulateContractInput {
  /** A published template, or a document (YAML or JSON) that is not published yet. */
  readonly template: { readonly id: string; readonly version?: string } | { readonly document: string };
  readonly region: string;
  /** The `instance` parameters. */
  readonly params: ParameterValues;
  /** When it is drafted and signed by everybody; default: now. */
  readonly startsAt?: Instant;
  /** At most 1,000; amounts in minor units of the template's asset. */
  readonly acts: readonly SimulatedAct[];
}

export interface SimulatedLineView extends Omit<SimulatedLine, 'amount' | 'splits' | 'totals'> {
  readonly amount: Money | null;
  readonly splits: readonly { readonly role: string; readonly amount: Money }[];
  readonly funded: Money;
  readonly released: Money;
  readonly refunded: Money;
  readonly held: Money;
  readonly frozen: Money;
}

export interface SimulationView {
  readonly lines: readonly SimulatedLineView[];
  readonly status: SimulatedLine['status'];
  readonly endedAt: Instant;
  readonly paid: readonly { readonly role: string; readonly amount: Money }[];
  /** More would have happened than the 10,000 lines shown. */
  readonly truncated: boolean;
}

/**
 * Everything that would happen, before anyone signs; nothing is stored. After the last act the clock runs on to the end. Any account
 * of the tenant.
 */
export class SimulateContract extends Query<
  Outcome<
    SimulationView,
    Rejection<'TEMPLATE_NOT_FOUND' | 'REGION_NOT_FOUND' | 'INVALID_PARAMETERS'> | TemplateHasFindings
  >
> {
  constructor(
    readonly context: RequestContext,
    readonly input: SimulateContractInput,
  ) {
    super();
  }
}
