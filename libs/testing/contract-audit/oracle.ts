/**
 * What a rule has earned, a second time and by other means: straight from the template's words and the list of what happened, without
 * the compiled terms and without the decider's own arithmetic. Amounts are minor units.
 */
import type { AmountTerms, ParameterValues, Template } from '#libs/contracts/domain/template/types.js';

/** What has counted for a rule since its terms came into force. */
export interface Counted {
  /** Payloads of accepted evidence, or claims, whose whole condition was true, in the order in which it became true. */
  readonly payloads: readonly Readonly<Record<string, unknown>>[];
  readonly claims: readonly bigint[];
  /** Once fulfilled, for rules without units. */
  readonly fulfilled: boolean;
  /** Epoch ms that the contract has lived through, frozen time taken off. */
  readonly nowMs: number;
}

/** What was earned under earlier terms. */
export interface Base {
  readonly entitled: bigint;
  readonly units: bigint;
}

/** Undefined where the amount depends on what is held, which no closed form knows. */
export function earned(
  template: Template,
  params: ParameterValues,
  amount: AmountTerms,
  { counted, base }: { readonly counted: Counted; readonly base: Base },
): bigint | undefined {
  const valueOf = (text: string) => resolved(params, text);
  const numberOf = (text: string) => BigInt(valueOf(text) as string);
  if ('remaining' in amount) return undefined;
  if ('fixed' in amount) return happened(counted) ? numberOf(amount.fixed) : 0n;
  if ('claim' in amount) return base.entitled + counted.claims.reduce((sum, claim) => sum + claim, 0n);
  if ('perUnit' in amount) {
    const total = numberOf(amount.perUnit.total) - base.entitled;
    const units = numberOf(amount.perUnit.units) - base.units;
    const done = BigInt(counted.payloads.length);
    return base.entitled + (done === 0n ? 0n : (total * done) / units);
  }
  if ('tranches' in amount) {
    const list = (valueOf(amount.tranches) as readonly string[]).map(BigInt);
    const from = Number(base.units);
    return list.slice(from, from + counted.payloads.length).reduce((sum, one) => sum + one, base.entitled);
  }
  if ('evidence' in amount) {
    return counted.payloads.reduce(
      (sum, payload) => sum + BigInt(String(at(payload, amount.evidence))),
      base.entitled,
    );
  }
  if ('metered' in amount) {
    const [top = '1', bottom = '1'] = (valueOf(amount.metered.tariff) as string).split('/');
    return counted.payloads.reduce((best, payload) => {
      const [whole = '0', fraction = ''] = String(at(payload, amount.metered.reading)).split('.');
      const scaled = BigInt(whole + fraction) * BigInt(top);
      return largest(best, scaled / (BigInt(bottom) * 10n ** BigInt(fraction.length)));
    }, base.entitled);
  }
  return undefined;
}

/** Whatever a linear rule may have at most by now: a straight line, without steps. */
export function mostOfLine(
  params: ParameterValues,
  amount: Extract<AmountTerms, { linear: unknown }>,
  nowMs: number,
): bigint {
  const { total, start, end, cliff } = amount.linear;
  const ms = (text: string) => Date.parse(resolved(params, text) as string);
  const whole = BigInt(resolved(params, total) as string);
  if (nowMs < ms(start) || (cliff !== undefined && nowMs < ms(cliff))) return 0n;
  if (nowMs >= ms(end)) return whole;
  return (whole * BigInt(nowMs - ms(start))) / BigInt(ms(end) - ms(start));
}

function happened({ fulfilled, payloads, claims }: Counted): boolean {
  return fulfilled || payloads.length > 0 || claims.length > 0;
}

function largest(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}

export function resolved(params: ParameterValues, text: string): unknown {
  return text.startsWith('$') ? params[text.slice(1)] : text;
}

function at(payload: Readonly<Record<string, unknown>>, pointer: string): unknown {
  let place: unknown = payload;
  for (const part of pointer.slice(1).split('/')) {
    place = (place as Record<string, unknown>)[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return place;
}
