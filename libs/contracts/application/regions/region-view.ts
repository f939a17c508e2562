import type { RegionalParameters, RegionalParametersView, RegionalValue } from '../../contract/templates.js';
import type { ParameterSet } from '../../domain/region/index.js';

export function setViewOf({
  region,
  effectiveFrom,
  zone,
  holidays,
  workingDays,
  values,
}: ParameterSet): RegionalParametersView {
  return { region, effectiveFrom, zone, holidays, workingDays, values: valuesOf(values) };
}

export function parametersViewOf({
  region,
  effectiveFrom,
  calendar,
  values,
}: RegionalParameters): RegionalParametersView {
  const { zone, holidays, workingDays } = calendar;
  return {
    region,
    effectiveFrom,
    zone,
    holidays: [...holidays],
    workingDays: [...workingDays],
    values: valuesOf(values),
  };
}

function valuesOf(values: ParameterSet['values']): readonly RegionalValue[] {
  return Object.entries(values).flatMap(([templateId, own]) =>
    Object.entries(own).map(([parameter, value]) => ({ templateId, parameter, value })),
  );
}
