import { readFileSync } from 'node:fs';
import { repositoryUrl } from '../process/repository.js';

/** The product's public schema, without its resolvers: the snapshot of all SDL files together, which a check keeps true. */
export function publicSdl(): string {
  return readFileSync(repositoryUrl('schemas/graphql/snapshot.graphql'), 'utf8');
}
