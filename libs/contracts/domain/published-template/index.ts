export type * from './messages.js';
export { compareVersions, publishedTemplateDecider, type PublishedTemplateState } from './decider.js';
export { TEMPLATE_IDS, type TemplateIds } from './template-ids.js';
