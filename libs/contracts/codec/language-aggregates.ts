import type { EventSet } from '#libs/event-log/codec/types.js';
import type { Aggregate } from '#libs/event-log/runner/types.js';
import type { TenantId } from '#libs/kernel/ids/index.js';
import {
  publishedTemplateDecider,
  type PublishCommand,
  type PublishedTemplateState,
  type PublishRefusal,
  type TemplatePublished,
} from '../domain/published-template/index.js';
import {
  regionDecider,
  type RegionCommand,
  type RegionEvent,
  type RegionRefusal,
  type RegionState,
} from '../domain/region/index.js';
import { regionEvents } from './region-events.js';
import { templateEvents } from './template-events.js';

/** `contractTemplate-<tenant>.<template>`: neither templates nor regions have a dot in their names, tenants may have hyphens. */
export const templateAggregate: Aggregate<
  PublishCommand,
  PublishedTemplateState,
  TemplatePublished,
  PublishRefusal
> = { category: 'contractTemplate', decider: publishedTemplateDecider, events: templateEvents };

/** `contractRegion-<tenant>.<region>` */
export const regionAggregate: Aggregate<RegionCommand, RegionState, RegionEvent, RegionRefusal> = {
  category: 'contractRegion',
  decider: regionDecider,
  events: regionEvents,
};

export function templateStreamId(tenant: TenantId, templateId: string): string {
  return `${tenant}.${templateId}`;
}

export function regionStreamId(tenant: TenantId, region: string): string {
  return `${tenant}.${region}`;
}

export { regionEvents, templateEvents };

/** What the template language stores: published templates and what regions set. */
export const languageEventSets: readonly EventSet[] = [
  templateEvents as unknown as EventSet,
  regionEvents as unknown as EventSet,
];
