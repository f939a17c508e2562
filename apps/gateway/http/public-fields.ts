import { type DocumentNode, Kind, parse } from 'graphql';

/** Fields of Query that anybody may ask for; each counts by `context.takePublicTurn()`. */
const PUBLIC_FIELDS: ReadonlySet<string> = new Set(['verifyReceipt', 'paymentLink']);

/** Whether a document asks for public fields and nothing else. It has passed the gate: it parses, and is small. */
export function asksInPublic(source: string): boolean {
  return areAllPublic(parse(source, { noLocation: true }));
}

function areAllPublic({ definitions }: DocumentNode): boolean {
  return definitions.every(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      definition.operation === 'query' &&
      definition.selectionSet.selections.every(
        (selection) => selection.kind === Kind.FIELD && PUBLIC_FIELDS.has(selection.name.value),
      ),
  );
}
