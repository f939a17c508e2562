export { SqliteViews } from './sqlite-views.js';
export type { SqliteViewsOptions } from './sqlite-views.js';
