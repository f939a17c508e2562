import { accept, reject, type Decider } from '#libs/kernel/decider/index.js';
import { ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { PublishCommand, PublishRefusal, TemplatePublished } from './messages.js';

export interface PublishedTemplateState {
  readonly status: 'open';
  /** Oldest first; versions rise. */
  readonly published: readonly TemplatePublished['data'][];
}

/** The versions of one template of one tenant. A version never changes; the next one is higher. */
export const publishedTemplateDecider: Decider<
  PublishCommand,
  PublishedTemplateState,
  TemplatePublished,
  PublishRefusal
> = {
  initial: { status: 'open', published: [] },
  decide({ tenant, template, hash, publishedBy, builtIn, at }, { published }) {
    const { id: templateId, version } = template;
    const known = [...published, ...builtIn];
    const same = known.find((one) => one.version === version);
    if (same?.hash === hash) return accept();
    if (same) {
      const message = `Version ${version} is published with another content; a version never changes.`;
      return reject({ code: 'TEMPLATE_VERSION_EXISTS', message, details: { version, hash: same.hash } });
    }
    const newest = known
      .map((one) => one.version)
      .toSorted(compareVersions)
      .at(-1);
    if (newest !== undefined && compareVersions(version, newest) < 0) {
      const message = `Version ${newest} is published; the next one is higher.`;
      return reject({ code: 'TEMPLATE_VERSION_TOO_LOW', message, details: { version, newest } });
    }
    return accept<TemplatePublished>({
      type: 'TemplatePublished',
      data: { tenant, templateId, version, hash, template, publishedBy, at },
    });
  },
  evolve({ published, ...state }, { data }) {
    const newest = published.at(-1);
    if (newest && compareVersions(newest.version, data.version) >= 0) {
      throw new ImpossibleHistoryError(`Version ${data.version} after ${newest.version}.`);
    }
    return { ...state, published: [...published, data] };
  },
};

/** Semantic versions without pre-release parts, as numbers. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [one.split('.').map(Number), other.split('.').map(Number)];
  const differing = [0, 1, 2].find((part) => a[part] !== b[part]);
  return differing === undefined ? 0 : a[differing]! - b[differing]!;
}
