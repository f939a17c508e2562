import { readdirSync, readFileSync } from 'node:fs';
import { repositoryUrl } from '../process/repository.js';

/** The product's public schema, without its resolvers: all SDL files but the snapshot, which may be behind them. */
export function publicSdl(): string {
  const folder = repositoryUrl('schemas/graphql/');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.graphql') && name !== 'snapshot.graphql')
    .sort()
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n');
}
