/** A place in the repository; the same from source and from dist. */
export function repositoryUrl(path: string): URL {
  const root = import.meta.url.endsWith('.ts') ? '../../../' : '../../../../';
  return new URL(path, new URL(root, import.meta.url));
}
