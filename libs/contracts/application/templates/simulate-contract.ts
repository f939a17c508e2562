import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import type { TenantId } from '#libs/kernel/ids/index.js';
import { money, type Asset } from '#libs/kernel/money/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { RUNTIME } from '#libs/runtime/port/tokens.js';
import { canonicalJson, NotCanonical } from '#libs/signatures/canonical/index.js';
import {
  REGIONS,
  SimulateContract,
  TEMPLATES,
  type Regions,
  type ReleaseTemplates,
  type SimulateContractInput,
  type SimulatedAct,
  type SimulatedLineView,
  type SimulationView,
  type TemplateHasFindings,
} from '../../contract/templates.js';
import {
  MOST_SIMULATED_ACTS,
  simulate,
  type SimulatedLine,
  type Simulation,
} from '../../domain/simulation/index.js';
import { parametersOf } from '../../domain/terms/index.js';
import { MOST_STATEMENT_BYTES } from '../hashes.js';
import { findingsRefusal } from './publish-template.js';
import type { ReadTemplate } from './read-template.js';
import { TEMPLATE_LANGUAGE, type TemplateLanguage } from './template-language.js';

type Refusal =
  Rejection<'TEMPLATE_NOT_FOUND' | 'REGION_NOT_FOUND' | 'INVALID_PARAMETERS'> | TemplateHasFindings;

/** Objects within each other. */
const DEEPEST_PAYLOAD = 16;

/** Plays a contract through, published template or not; nothing is stored. */
@QueryHandler(SimulateContract)
export class SimulateContractHandler implements IQueryHandler<SimulateContract> {
  constructor(
    @Inject(TEMPLATES) private readonly templates: ReleaseTemplates,
    @Inject(REGIONS) private readonly regions: Regions,
    @Inject(TEMPLATE_LANGUAGE) private readonly language: TemplateLanguage,
    @Inject(RUNTIME) private readonly runtime: Pick<Runtime, 'clock'>,
  ) {}

  async execute({ context: { caller }, input }: SimulateContract): Promise<Outcome<SimulationView, Refusal>> {
    const { region, params: given, acts } = input;
    if (acts.length > MOST_SIMULATED_ACTS) {
      const message = `A simulation takes at most ${MOST_SIMULATED_ACTS} acts.`;
      throw new InvalidInputError('TOO_MANY_ACTS', message, ['input', 'acts']);
    }
    acts.forEach(assertAct);
    const read = await this.#templateOf(caller.tenant, input.template);
    if (!read) return refused({ code: 'TEMPLATE_NOT_FOUND', message: 'There is no such template.' });
    if ('findings' in read) return refused(findingsRefusal(read.findings));
    const { template, hash } = read;
    const startsAt = input.startsAt ?? this.runtime.clock.now();
    const regional = await this.regions.on(caller.tenant, region, localDateOf(startsAt));
    if (!regional)
      return refused({ code: 'REGION_NOT_FOUND', message: 'The region has no parameters for that day.' });
    const { calendar, values } = regional;
    const own = Object.hasOwn(values, template.id) ? values[template.id]! : {};
    const params = parametersOf(template, { given, regional: own, at: startsAt });
    if (!params.accepted) return params;
    const played = simulate({ template, templateHash: hash, params: params.value, calendar, startsAt, acts });
    return { accepted: true, value: viewOf(played, template.asset as Asset) };
  }

  async #templateOf(
    tenant: TenantId,
    which: SimulateContractInput['template'],
  ): Promise<ReadTemplate | undefined> {
    if ('document' in which) return this.language.read(which.document);
    return this.templates.find(tenant, which.id, which.version);
  }
}

const MERCHANT = /^[A-Za-z0-9._-]{1,80}$/;

/** What real evidence and real claims could not be either. @throws InvalidInputError */
function assertAct(act: SimulatedAct, index: number): void {
  const path = ['input', 'acts', index.toString()];
  if (act.kind === 'claim' && act.merchantId !== undefined && !MERCHANT.test(act.merchantId)) {
    throw new InvalidInputError('INVALID_MERCHANT', 'A merchant is named by its id.', path);
  }
  if (act.kind !== 'attest') return;
  try {
    canonicalJson(act.payload, { maxBytes: MOST_STATEMENT_BYTES, maxDepth: DEEPEST_PAYLOAD });
  } catch (error) {
    if (!(error instanceof NotCanonical)) throw error;
    throw new InvalidInputError('INVALID_PAYLOAD', error.message, path);
  }
}

function viewOf({ lines, status, endedAt, paid, truncated }: Simulation, asset: Asset): SimulationView {
  return {
    lines: lines.map((line) => lineViewOf(line, asset)),
    status,
    endedAt,
    paid: paid.map(({ role, amount }) => ({ role, amount: money(asset, amount) })),
    truncated,
  };
}

function lineViewOf({ amount, splits, totals, ...line }: SimulatedLine, asset: Asset): SimulatedLineView {
  const { funded, released, refunded, held, frozen } = totals;
  return {
    ...line,
    amount: amount === null ? null : money(asset, amount),
    splits: splits.map((part) => ({ role: part.role, amount: money(asset, part.amount) })),
    funded: money(asset, funded),
    released: money(asset, released),
    refunded: money(asset, refunded),
    held: money(asset, held),
    frozen: money(asset, frozen),
  };
}

function refused(rejection: Refusal): { readonly accepted: false; readonly rejection: Refusal } {
  return { accepted: false, rejection };
}
