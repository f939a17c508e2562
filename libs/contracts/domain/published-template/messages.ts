import type { DomainEvent } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import type { TenantId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { Template } from '../template/types.js';

/** A version and the SHA-256, hex, of its template's RFC 8785 JSON. */
export interface VersionHash {
  readonly version: string;
  readonly hash: string;
}

/** The template's shape has been checked and linted without findings. */
export interface PublishCommand {
  readonly kind: 'publish';
  readonly tenant: TenantId;
  readonly template: Template;
  readonly hash: string;
  /** Account id. */
  readonly publishedBy: string;
  /** Versions that come with the product under the same id: they count as published. */
  readonly builtIn: readonly VersionHash[];
  readonly at: Instant;
}

/** A version is for good; contracts are pinned to its hash. */
export type TemplatePublished = DomainEvent<
  'TemplatePublished',
  {
    readonly tenant: TenantId;
    readonly templateId: string;
    readonly version: string;
    readonly hash: string;
    readonly template: Template;
    readonly publishedBy: string;
    readonly at: Instant;
  }
>;

export type PublishRefusal = Rejection<'TEMPLATE_VERSION_EXISTS' | 'TEMPLATE_VERSION_TOO_LOW'>;
