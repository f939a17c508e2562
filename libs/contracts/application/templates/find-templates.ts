import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import {
  TemplateFindings,
  Templates,
  TEMPLATES,
  TemplateVersion,
  type ReleaseTemplates,
  type TemplateView,
} from '../../contract/templates.js';
import { TEMPLATE_IDS, type TemplateIds } from '../../domain/published-template/index.js';
import type { LintFinding } from '../../domain/template/index.js';
import { TEMPLATE_LANGUAGE, type TemplateLanguage } from './template-language.js';
import { templateViewOf } from './template-view.js';

/** Every account of the tenant: people read what they will be asked to sign. */
@QueryHandler(Templates)
export class TemplatesHandler implements IQueryHandler<Templates> {
  constructor(
    @Inject(TEMPLATES) private readonly templates: ReleaseTemplates,
    @Inject(TEMPLATE_LANGUAGE) private readonly language: TemplateLanguage,
    @Inject(TEMPLATE_IDS) private readonly ids: TemplateIds,
  ) {}

  async execute({ context: { caller } }: Templates): Promise<readonly TemplateView[]> {
    const own = await this.ids.of(caller.tenant);
    const ids = [...new Set([...this.language.builtIn.keys(), ...own])].toSorted();
    const newest = await Promise.all(ids.map((id) => this.templates.find(caller.tenant, id)));
    return newest.filter((one) => one !== undefined).map(templateViewOf);
  }
}

@QueryHandler(TemplateVersion)
export class TemplateVersionHandler implements IQueryHandler<TemplateVersion> {
  constructor(@Inject(TEMPLATES) private readonly templates: ReleaseTemplates) {}

  async execute({ context: { caller }, id, version }: TemplateVersion) {
    const versions = await this.templates.versions(caller.tenant, id);
    const found =
      version === undefined ? versions.at(-1) : versions.find(({ template }) => template.version === version);
    if (!found) return undefined;
    return {
      template: templateViewOf(found),
      versions: versions.map(({ template }) => template.version),
    };
  }
}

@QueryHandler(TemplateFindings)
export class TemplateFindingsHandler implements IQueryHandler<TemplateFindings> {
  constructor(@Inject(TEMPLATE_LANGUAGE) private readonly language: TemplateLanguage) {}

  execute({ document }: TemplateFindings): Promise<readonly LintFinding[]> {
    const read = this.language.read(document);
    return Promise.resolve('findings' in read ? read.findings : []);
  }
}
