import { type Component, componentText } from './structured-fields.js';

/**
 * The text that is signed, RFC 9421 section 2.5.
 *
 * @param valueOf value of a covered component, by its whole identifier
 * @param parametersText value of `@signature-params`
 */
export function signatureBase(
  components: readonly Component[],
  valueOf: (component: Component) => string,
  parametersText: string,
): string {
  const lines = components.map((component) => `${componentText(component)}: ${valueOf(component)}`);
  return [...lines, `"@signature-params": ${parametersText}`].join('\n');
}
