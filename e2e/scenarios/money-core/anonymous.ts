import { NotAsItShouldBe } from './holds.js';

/** Asks without signing in. @returns the one field asked for */
export async function anonymous(
  { url }: { readonly url: string },
  query: string,
  variables: object,
): Promise<unknown> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as {
    readonly data?: Readonly<Record<string, unknown>>;
    readonly errors?: unknown;
  };
  if (errors !== undefined || !data)
    throw new NotAsItShouldBe(`without signing in: ${JSON.stringify(errors)}`);
  return Object.values(data)[0];
}
