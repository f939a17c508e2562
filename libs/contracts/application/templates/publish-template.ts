import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { templateAggregate, templateStreamId } from '../../codec/language-aggregates.js';
import {
  PublishTemplate,
  TEMPLATES,
  type ReleaseTemplates,
  type TemplateHasFindings,
  type TemplateView,
} from '../../contract/templates.js';
import type { LintFinding } from '../../domain/template/index.js';
import { TEMPLATE_LANGUAGE, type TemplateLanguage } from './template-language.js';
import { templateViewOf } from './template-view.js';

type Refusal =
  Rejection<'FORBIDDEN' | 'TEMPLATE_VERSION_EXISTS' | 'TEMPLATE_VERSION_TOO_LOW'> | TemplateHasFindings;

/** Business development of the tenant publishes a version; the same content again finds it published. */
@CommandHandler(PublishTemplate)
export class PublishTemplateHandler implements ICommandHandler<PublishTemplate> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(TEMPLATE_LANGUAGE) private readonly language: TemplateLanguage,
    @Inject(TEMPLATES) private readonly templates: ReleaseTemplates,
  ) {}

  async execute({ context, input }: PublishTemplate): Promise<Outcome<TemplateView, Refusal>> {
    const { tenant, accountId, roles, organisation } = context.caller;
    if (!roles.includes('bd') || organisation !== undefined) {
      return refused({
        code: 'FORBIDDEN',
        message: 'Only business development of the tenant publishes templates.',
      });
    }
    const read = this.language.read(input.document);
    if ('findings' in read) return refused(findingsRefusal(read.findings));
    const { template, hash } = read;
    const at = this.runtime.clock.now();
    // Per try: who publishes what is there already changes nothing, and who was refused may try again.
    const commandId = deriveUuid(
      UUID_NAMESPACES.command,
      'publishTemplate',
      tenant,
      accountId,
      template.id,
      hash,
    );
    const builtIn = (this.language.builtIn.get(template.id) ?? []).map((one) => ({
      version: one.template.version,
      hash: one.hash,
    }));
    const result = await this.store.run(
      templateAggregate,
      templateStreamId(tenant, template.id),
      { kind: 'publish', tenant, template, hash, publishedBy: accountId, builtIn, at },
      commandContext(context, commandId, at),
    );
    if (!result.accepted) return refused(result.rejection);
    const published = await this.templates.find(tenant, template.id, template.version);
    if (published?.hash !== hash)
      throw new Error(`Template ${template.id} ${template.version} was not published.`);
    return { accepted: true, value: templateViewOf(published) };
  }
}

export function findingsRefusal(findings: readonly LintFinding[]): TemplateHasFindings {
  const [first] = findings;
  const others = findings.length > 1 ? ` ${findings.length - 1} more.` : '';
  const message = `${first?.path ?? ''} ${first?.message ?? ''}${others}`.trim();
  return { code: 'TEMPLATE_HAS_FINDINGS', message, path: ['input', 'document'], findings };
}

function refused(rejection: Refusal): { readonly accepted: false; readonly rejection: Refusal } {
  return { accepted: false, rejection };
}
