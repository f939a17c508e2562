import type { DisputeOutcome } from '#libs/contracts/contract/release-contracts.js';
import {
  type SimulateContractInput,
  type SimulatedAct,
  type SimulatedLineView,
  type SimulationView,
  SimulateContract,
} from '#libs/contracts/contract/templates.js';
import { type MoneyInput, type Resolvers, badInput, readMoney, resultOf } from '#libs/graphql/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { GatewayContext } from '../context.js';
import { enumValueOf } from '../enum-names.js';
import { translate } from '../i18n/index.js';
import type { Queries } from '../own-writes.js';
import { presentFields } from '../present-fields.js';
import { type ParameterInput, readParameters } from './read-input.js';

interface RoleInput {
  readonly role: string;
}
type RuleInput = RoleInput & { readonly ruleId: string };
type UnitInput = RuleInput & { readonly dedupeKey: string };

/** `@oneOf`: exactly one is given. */
interface DeedInput {
  readonly fund?: MoneyInput;
  readonly attest?: {
    readonly ruleId: string;
    readonly payload: string;
    readonly observedAt?: Instant | null;
  };
  readonly confirm?: UnitInput;
  readonly object?: UnitInput;
  readonly dispute?: RoleInput;
  readonly vote?: RoleInput & { readonly outcome: string };
  readonly approve?: UnitInput;
  readonly reject?: UnitInput;
  readonly claim?: RuleInput & {
    readonly amount: MoneyInput;
    readonly spend?: MoneyInput | null;
    readonly merchantId?: string | null;
    readonly mcc?: string | null;
  };
  readonly reveal?: RuleInput;
  readonly draw?: RuleInput;
  readonly withdraw?: RoleInput;
  readonly amend?: RoleInput & { readonly parameters: readonly ParameterInput[] };
}

interface SimulateInput {
  readonly template: {
    readonly published?: { readonly templateId: string; readonly version?: string | null };
    readonly document?: string;
  };
  readonly region: string;
  readonly parameters: readonly ParameterInput[];
  readonly startsAt?: Instant | null;
  readonly acts: readonly { readonly at: Instant; readonly act: DeedInput }[];
}

/** A deed before its day is put to it. */
type Deed = SimulatedAct extends infer Act ? (Act extends unknown ? Omit<Act, 'at'> : never) : never;

export function simulationQueries(queries: Queries): Resolvers[string] {
  return {
    simulateContract: async (
      _: unknown,
      { input }: { readonly input: SimulateInput },
      { request }: GatewayContext,
    ) => resultOf(await queries.execute(new SimulateContract(request, readSimulation(input)))),
  };
}

export function simulationFields(): Resolvers {
  return {
    ContractSimulation: { status: ({ status }: SimulationView) => enumValueOf(status) },
    SimulatedLine: {
      ruleId: ({ rule }: SimulatedLineView) => rule,
      dedupeKeys: ({ units }: SimulatedLineView) => units,
      totals: (line: SimulatedLineView) => line,
      status: ({ status }: SimulatedLineView) => enumValueOf(status),
    },
    SimulatedRefusal: {
      message: (
        { code, message }: NonNullable<SimulatedLineView['refusal']>,
        _args: unknown,
        { language }: GatewayContext,
      ) => translate(language, { key: code, fallback: message }),
    },
  };
}

function readSimulation({
  template,
  region,
  parameters,
  startsAt,
  acts,
}: SimulateInput): SimulateContractInput {
  const { published, document } = template;
  const which = published
    ? { id: published.templateId, ...(published.version && { version: published.version }) }
    : { document: document! };
  return {
    template: which,
    region,
    params: readParameters(parameters),
    ...(startsAt && { startsAt }),
    acts: acts.map(({ at, act }, index) => ({ at, ...readDeed(act, ['input', 'acts', index.toString()]) })),
  };
}

function readDeed(deed: DeedInput, path: readonly string[]): Deed {
  const { fund, attest, vote, claim, amend, withdraw, dispute } = deed;
  if (fund) return { kind: 'fund', amount: readMoney(fund, path).amount };
  if (attest) {
    const { ruleId: rule, payload, observedAt } = attest;
    return { kind: 'attest', rule, payload: readPayload(payload, path), ...(observedAt && { observedAt }) };
  }
  if (vote) return { kind: 'vote', role: vote.role, outcome: vote.outcome.toLowerCase() as DisputeOutcome };
  if (claim) return readClaim(claim, path);
  if (amend) return { kind: 'amend', role: amend.role, params: readParameters(amend.parameters, path) };
  if (withdraw) return { kind: 'withdraw', role: withdraw.role };
  if (dispute) return { kind: 'object', role: dispute.role };
  return readUnitDeed(deed);
}

function readUnitDeed({ confirm, object, approve, reject, reveal, draw }: DeedInput): Deed {
  if (confirm) return { kind: 'confirm', ...unitOf(confirm) };
  if (object) return { kind: 'object', ...unitOf(object) };
  if (approve) return { kind: 'approve', ...unitOf(approve), decision: 'approve' };
  if (reject) return { kind: 'approve', ...unitOf(reject), decision: 'reject' };
  if (reveal) return { kind: 'reveal', role: reveal.role, rule: reveal.ruleId };
  return { kind: 'draw', role: draw!.role, rule: draw!.ruleId };
}

function unitOf({ role, ruleId, dedupeKey }: UnitInput) {
  return { role, rule: ruleId, unit: dedupeKey };
}

function readClaim(claim: NonNullable<DeedInput['claim']>, path: readonly string[]): Deed {
  const { role, ruleId: rule, amount, spend, ...where } = claim;
  return {
    kind: 'claim',
    role,
    rule,
    amount: readMoney(amount, path).amount,
    ...(spend && { spend: readMoney(spend, path).amount }),
    ...presentFields(where),
  };
}

/** Depth and keys are the simulation's to judge; the whole request was bounded before. */
function readPayload(text: string, path: readonly string[]): Readonly<Record<string, unknown>> {
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch {
    payload = undefined;
  }
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) return { ...payload };
  throw badInput('INVALID_PAYLOAD', 'A payload is the text of a JSON object.', path);
}
