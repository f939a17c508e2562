import type { Asset } from '#libs/kernel/money/index.js';
import type { PublishedTemplate, TemplateView } from '../../contract/templates.js';

export function templateViewOf({ template, hash, publishedAt }: PublishedTemplate): TemplateView {
  const { id, version, title, summary, asset, roles, params, rules } = template;
  return {
    id,
    version,
    hash,
    title,
    summary,
    asset: asset as Asset,
    roles: Object.entries(roles).map(([role, terms]) => ({
      role,
      title: terms.title,
      signs: terms.signs ?? false,
      optional: terms.optional ?? false,
    })),
    parameters: Object.entries(params).map(([name, { type, title: words, from, min, max }]) => ({
      name,
      type,
      title: words,
      from: from ?? 'instance',
      ...(min !== undefined && { min }),
      ...(max !== undefined && { max }),
    })),
    rules: rules.map((rule) => ({ ruleId: rule.id, title: rule.title, kind: rule.do })),
    builtIn: publishedAt === null,
    publishedAt,
    document: JSON.stringify(template),
  };
}
