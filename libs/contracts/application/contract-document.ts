import { Inject, Injectable } from '@nestjs/common';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { TenantId } from '#libs/kernel/ids/index.js';
import type { DraftInput } from '../contract/release-contracts.js';
import { TEMPLATES, type RegionalParameters, type ReleaseTemplates } from '../contract/templates.js';
import type { Contract } from '../domain/release-contract/state.js';
import type { ParameterValues, Template } from '../domain/template/types.js';
import { amendedParameters, parametersOf } from '../domain/terms/index.js';
import { ContractStreams } from './contract-streams.js';
import { documentHashOf } from './hashes.js';

/** What the parties sign: a template version, all its parameters, and a hash over both and who they are. */
export interface ContractDocument {
  readonly template: Template;
  readonly templateHash: string;
  readonly params: ParameterValues;
  readonly docHash: string;
}

export type DocumentRejection = Rejection<'TEMPLATE_NOT_FOUND' | 'REGION_NOT_FOUND' | 'INVALID_PARAMETERS'>;

export interface Amendment {
  readonly amendmentId: string;
  readonly templateVersion?: string;
  readonly params: ParameterValues;
}

type Drafted = { readonly document: ContractDocument; readonly region: RegionalParameters };

/** Makes documents out of published templates and the parameters of the region and of the instance. */
@Injectable()
export class ContractDocuments {
  constructor(
    @Inject(TEMPLATES) private readonly templates: ReleaseTemplates,
    @Inject(ContractStreams) private readonly streams: ContractStreams,
  ) {}

  async drafted(tenant: TenantId, input: DraftInput): Promise<Outcome<Drafted, DocumentRejection>> {
    const { contractId, templateId, templateVersion, parties } = input;
    const published = await this.templates.find(tenant, templateId, templateVersion);
    if (!published) return TEMPLATE_NOT_FOUND;
    const { template, hash } = published;
    const region = await this.streams.regionOf(tenant, input.region);
    if (!region) return REGION_NOT_FOUND;
    const regional = valuesFor(region, templateId);
    const params = parametersOf(template, { given: input.params, regional, at: this.streams.now() });
    if (!params.accepted) return params;
    const document = documentOf({ contractId, parties }, template, hash, { params: params.value });
    return { accepted: true, value: { document, region } };
  }

  /** Regional parameters stay as on the day of drafting; a version that asks for others gets those of today. */
  async amended(
    contract: Contract,
    { amendmentId, templateVersion, params: changed }: Amendment,
  ): Promise<Outcome<ContractDocument, DocumentRejection>> {
    const { tenant, terms, params: current } = contract;
    const own = templateVersion === undefined || templateVersion === terms.templateVersion;
    const published = own
      ? { template: contract.template, hash: terms.templateHash }
      : await this.templates.find(tenant, terms.templateId, templateVersion);
    if (!published) return TEMPLATE_NOT_FOUND;
    const region = await this.streams.regionOf(tenant, contract.region);
    if (!region) return REGION_NOT_FOUND;
    const regional = valuesFor(region, terms.templateId);
    const params = amendedParameters(published.template, { current, changed, regional });
    if (!params.accepted) return params;
    const { template, hash } = published;
    const value = documentOf(contract, template, hash, { params: params.value, amendmentId });
    return { accepted: true, value };
  }
}

function valuesFor({ values }: RegionalParameters, templateId: string): ParameterValues {
  return Object.hasOwn(values, templateId) ? values[templateId]! : {};
}

function documentOf(
  { contractId, parties }: Pick<Contract, 'contractId' | 'parties'>,
  template: Template,
  templateHash: string,
  { params, amendmentId }: { readonly params: ParameterValues; readonly amendmentId?: string },
): ContractDocument {
  const amendment = amendmentId === undefined ? {} : { amendmentId };
  const docHash = documentHashOf({ contractId, ...amendment, templateHash, params, parties });
  return { template, templateHash, params, docHash };
}

const TEMPLATE_NOT_FOUND: Outcome<never, Rejection<'TEMPLATE_NOT_FOUND'>> = {
  accepted: false,
  rejection: { code: 'TEMPLATE_NOT_FOUND', message: 'There is no such template.' },
};

const REGION_NOT_FOUND: Outcome<never, Rejection<'REGION_NOT_FOUND'>> = {
  accepted: false,
  rejection: { code: 'REGION_NOT_FOUND', message: 'The region has no parameters for today.' },
};
