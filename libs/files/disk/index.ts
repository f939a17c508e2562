export { diskFileStore } from './disk-file-store.js';
export type { DiskFileStoreOptions } from './disk-file-store.js';
