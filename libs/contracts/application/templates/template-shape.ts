import { Ajv2020 } from 'ajv/dist/2020.js';
import type { LintFinding } from '../../domain/template/index.js';

/** What is wrong with a value's shape; empty: it is a template as the compiler knows it. */
export type TemplateShape = (value: unknown) => readonly LintFinding[];

/** A wrong alternative brings a fault for each alternative that was not meant. */
const MOST_FINDINGS = 20;

/** @param schema schemas/contracts/contract-template.v1.json */
export function templateShape(schema: object): TemplateShape {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
  const validate = ajv.compile(schema);
  return (value) => {
    if (validate(value)) return [];
    return (validate.errors ?? []).slice(0, MOST_FINDINGS).map((fault) => {
      const extra: unknown = fault.params['additionalProperty'] ?? fault.params['propertyName'];
      const named = typeof extra === 'string' ? ` (${extra.slice(0, 80)})` : '';
      return {
        code: 'SCHEMA',
        path: fault.instancePath,
        message: `${fault.message ?? 'is not valid'}${named}`,
      };
    });
  };
}
