/** `receiptCancel` → `RECEIPT_CANCEL`: names of the domain as the schema writes enum values. */
export function enumValueOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** `RECEIPT_CANCEL` → `receiptCancel`; the schema has let only its own values through. */
export function enumNameOf<Name extends string>(value: string): Name {
  return value.toLowerCase().replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) as Name;
}
