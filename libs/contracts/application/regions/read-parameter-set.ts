import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { parseLocalDate, type LocalDate } from '#libs/kernel/time/index.js';
import type {
  RegionalValue,
  ReleaseTemplates,
  SetRegionalParametersInput,
} from '../../contract/templates.js';
import { assertZone } from '../../domain/calendar/index.js';
import type { ParameterSet } from '../../domain/region/index.js';
import { parameterFault } from '../../domain/terms/index.js';
import type { ParameterValue } from '../../domain/template/index.js';
import type { TenantId } from '#libs/kernel/ids/index.js';
import { canonicalJson } from '#libs/signatures/canonical/index.js';

export type InvalidSet = Rejection<'INVALID_REGIONAL_PARAMETERS'>;
type Read = Outcome<ParameterSet, InvalidSet>;

const REGION = /^[A-Z][A-Za-z0-9-]{1,31}$/;
/** Three years of holidays with room to spare. */
const MOST_DAYS = 400;
const MOST_VALUES = 200;
/** Of all values as JSON: a second person reads them before they hold. */
const LONGEST_VALUES = 40_000;

/** The set as it will hold: days in order, each value one that its template takes. The newest version of a template says which. */
export async function readParameterSet(
  tenant: TenantId,
  input: SetRegionalParametersInput,
  templates: ReleaseTemplates,
): Promise<Read> {
  const { region, zone, holidays, workingDays, values } = input;
  if (!REGION.test(region))
    return invalid(['region'], 'A region is named by letters, digits and -, such as CN.');
  try {
    assertZone(zone);
    const effectiveFrom = parseLocalDate(input.effectiveFrom);
    const [off, on] = [daysOf(holidays, 'holidays'), daysOf(workingDays, 'workingDays')];
    const read = await readValues(tenant, values, templates);
    if (!read.accepted) return read;
    const set = { region, effectiveFrom, zone, holidays: off, workingDays: on, values: read.value };
    return { accepted: true, value: set };
  } catch (error) {
    if (error instanceof InvalidInputError) return invalid(error.path, error.message);
    throw error;
  }
}

/** @throws InvalidInputError */
function daysOf(days: readonly string[], name: 'holidays' | 'workingDays'): readonly LocalDate[] {
  const read = days.map((day) => parseLocalDate(day)).toSorted();
  const repeated = read.find((day, index) => read[index - 1] === day);
  const wrong = read.find((day) => isWeekend(day) !== (name === 'workingDays'));
  const fault =
    days.length > MOST_DAYS
      ? `At most ${MOST_DAYS} days.`
      : repeated !== undefined
        ? `${repeated} is named twice.`
        : wrong !== undefined
          ? `${wrong} is ${name === 'holidays' ? 'a weekend and off anyway' : 'no weekend and worked anyway'}.`
          : undefined;
  if (fault !== undefined) throw new InvalidInputError('INVALID_DAYS', fault, [name]);
  return read;
}

function isWeekend(day: LocalDate): boolean {
  return [0, 6].includes(new Date(`${day}T00:00:00.000Z`).getUTCDay());
}

async function readValues(
  tenant: TenantId,
  values: readonly RegionalValue[],
  templates: ReleaseTemplates,
): Promise<Outcome<ParameterSet['values'], InvalidSet>> {
  if (values.length > MOST_VALUES) return invalid(['values'], `At most ${MOST_VALUES} values.`);
  const read: Record<string, Record<string, ParameterValue>> = {};
  for (const { templateId, parameter, value } of values) {
    const at = ['values', `${templateId}.${parameter}`];
    const found = await templates.find(tenant, templateId);
    const terms = found?.template.params;
    if (!terms) return invalid(at, `There is no template ${templateId}.`);
    if (!Object.hasOwn(terms, parameter) || terms[parameter]!.from !== 'region') {
      return invalid(at, `${templateId} has no regional parameter ${parameter}.`);
    }
    const fault = parameterFault(terms[parameter]!, value);
    if (fault !== undefined) return invalid(at, fault);
    // Never what every object has: `constructor` may be a template's id.
    if (!Object.hasOwn(read, templateId)) read[templateId] = {};
    const own = read[templateId]!;
    if (Object.hasOwn(own, parameter)) return invalid(at, `${parameter} of ${templateId} is set twice.`);
    own[parameter] = value;
  }
  if (canonicalJson(read).length > LONGEST_VALUES)
    return invalid(['values'], 'More than anybody could check.');
  return { accepted: true, value: read };
}

function invalid(
  path: readonly string[],
  message: string,
): { readonly accepted: false; readonly rejection: InvalidSet } {
  const details = { fault: message };
  return {
    accepted: false,
    rejection: { code: 'INVALID_REGIONAL_PARAMETERS', message, path: ['input', ...path], details },
  };
}
