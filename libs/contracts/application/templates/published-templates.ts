import { Inject, Injectable } from '@nestjs/common';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { TenantId } from '#libs/kernel/ids/index.js';
import { DECIDER_STORE } from '#libs/runtime/port/tokens.js';
import { templateAggregate, templateStreamId } from '../../codec/language-aggregates.js';
import type { PublishedTemplate, ReleaseTemplates } from '../../contract/templates.js';
import { compareVersions, type PublishedTemplateState } from '../../domain/published-template/index.js';
import { TEMPLATE_LANGUAGE, type TemplateLanguage } from './template-language.js';

type Streams = Pick<DeciderStore, 'load'>;

const TEMPLATE_ID = /^[a-z][a-z0-9-]{2,63}$/;

/** The store keeps recent states; what is put together from one is kept as long as the state itself. */
@Injectable()
export class PublishedTemplates implements ReleaseTemplates {
  readonly #together = new WeakMap<PublishedTemplateState, readonly PublishedTemplate[]>();

  constructor(
    @Inject(DECIDER_STORE) private readonly store: Streams,
    @Inject(TEMPLATE_LANGUAGE) private readonly language: TemplateLanguage,
  ) {}

  async find(tenant: TenantId, id: string, version?: string): Promise<PublishedTemplate | undefined> {
    const versions = await this.versions(tenant, id);
    return version === undefined
      ? versions.at(-1)
      : versions.find(({ template }) => template.version === version);
  }

  async versions(tenant: TenantId, id: string): Promise<readonly PublishedTemplate[]> {
    if (!TEMPLATE_ID.test(id)) return [];
    const { state } = await this.store.load(templateAggregate, templateStreamId(tenant, id));
    const builtIn = this.language.builtIn.get(id) ?? [];
    if (state.published.length === 0) return builtIn;
    const known = this.#together.get(state);
    if (known) return known;
    const together = joined(state, builtIn);
    this.#together.set(state, together);
    return together;
  }
}

/** A version that the tenant has published goes before one that came with the product later. */
function joined(
  { published }: PublishedTemplateState,
  builtIn: readonly PublishedTemplate[],
): readonly PublishedTemplate[] {
  const own = published.map(({ template, hash, publishedBy, at }) => ({
    template,
    hash,
    publishedAt: at,
    publishedBy,
  }));
  const taken = new Set(own.map(({ template }) => template.version));
  return [...own, ...builtIn.filter(({ template }) => !taken.has(template.version))].toSorted((one, other) =>
    compareVersions(one.template.version, other.template.version),
  );
}
