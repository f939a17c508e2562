import { fileURLToPath } from 'node:url';

/** A folder of schemas/, which is no code and lies beside apps/ in the project: from source and from dist alike. */
export function schemasFolder(name: 'events' | 'contracts' | 'contracts/evidence'): string {
  const up = import.meta.url.includes('/dist/') ? '../../../' : '../../';
  return fileURLToPath(new URL(`${up}schemas/${name}`, import.meta.url));
}
