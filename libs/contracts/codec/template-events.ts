import { defineEvents } from '#libs/event-log/codec/types.js';
import type { JsonObject } from '#libs/event-log/port/index.js';
import type { TenantId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { TemplatePublished } from '../domain/published-template/index.js';
import type { Template } from '../domain/template/types.js';

/** How published templates are stored: schemas/events/contracts. The template is stored as it is; its values are texts throughout. */
export const templateEvents = defineEvents<TemplatePublished>('contracts', {
  TemplatePublished: {
    version: 1,
    encode: ({ tenant, templateId, version, hash, template, publishedBy, at }) => ({
      tenant,
      templateId,
      version,
      hash,
      template: template as unknown as JsonObject,
      publishedBy,
      at,
    }),
    decode: (json) => ({
      tenant: json['tenant'] as TenantId,
      templateId: json['templateId'] as string,
      version: json['version'] as string,
      hash: json['hash'] as string,
      template: json['template'] as unknown as Template,
      publishedBy: json['publishedBy'] as string,
      at: json['at'] as Instant,
    }),
  },
});
