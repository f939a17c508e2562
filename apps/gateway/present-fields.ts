type Present<Fields> = { readonly [Name in keyof Fields]: Exclude<Fields[Name], null> };

/** GraphQL lets clients say null for "not given"; contracts know absence only. Also drops the null prototype. */
export function presentFields<Fields extends object>(fields: Fields): Present<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as Present<Fields>;
}
