import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { mergeTypeDefs } from '@graphql-tools/merge';
import {
  buildASTSchema,
  buildSchema,
  findBreakingChanges,
  findDangerousChanges,
  lexicographicSortSchema,
  parse,
  printSchema,
  validateSchema,
  type GraphQLSchema,
} from 'graphql';
import { NOTHING_YET, type Check, type Finding } from '../check.js';
import { filesBelow } from '../tree.js';

const FOLDER = 'schemas/graphql';
const SNAPSHOT = `${FOLDER}/snapshot.graphql`;

/** The public schema is valid and equals its snapshot; every change is named by its kind. */
export const graphqlSchema: Check = async ({ root, update }) => {
  const files = await filesBelow(root, FOLDER, (file) => file.endsWith('.graphql') && file !== SNAPSHOT);
  const before = await readFile(path.join(root, SNAPSHOT), 'utf8').catch(() => undefined);
  if (files.length === 0 && before === undefined) return NOTHING_YET;
  if (files.length === 0)
    return { findings: [finding('schema-removed', 'no schema file left')], note: '0 files' };
  const note = `${files.length} files`;
  const { schema, findings } = await merged(root, files);
  if (!schema) return { findings, note };
  const after = `${printSchema(lexicographicSortSchema(schema))}\n`;
  if (update) await writeFile(path.join(root, SNAPSHOT), after);
  return { findings: update ? [] : compare(before, after, schema), note };
};

async function merged(
  root: string,
  files: string[],
): Promise<{ schema?: GraphQLSchema; findings: Finding[] }> {
  try {
    const documents = await Promise.all(
      files.map(async (file) => parse(await readFile(path.join(root, file), 'utf8'))),
    );
    // The same merge that the gateway's GraphQL module does: several files may each say `type Query`.
    const schema = buildASTSchema(mergeTypeDefs(documents));
    const errors = validateSchema(schema);
    const findings = errors.map((error) => finding('schema-invalid', error.message));
    return errors.length === 0 ? { schema, findings } : { findings };
  } catch (error) {
    return { findings: [finding('schema-invalid', String(error))] };
  }
}

function compare(before: string | undefined, after: string, schema: GraphQLSchema): Finding[] {
  if (before === after) return [];
  if (before === undefined) return [finding('schema-without-snapshot', 'run `npm run check -- --update`')];
  const old = buildSchema(before);
  return [
    ...findBreakingChanges(old, schema).map((change) =>
      finding('schema-breaking-change', `${change.type}: ${change.description}`),
    ),
    ...findDangerousChanges(old, schema).map((change) =>
      finding('schema-dangerous-change', `${change.type}: ${change.description}`),
    ),
    finding(
      'schema-differs-from-snapshot',
      'when it is meant, run `npm run check -- --update` and commit the diff',
    ),
  ];
}

const finding = (rule: string, message: string): Finding => ({ rule, file: SNAPSHOT, message });
