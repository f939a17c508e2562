import type { Provider } from '@nestjs/common';
import { TEMPLATES } from '../../contract/templates.js';
import { TemplateFindingsHandler, TemplatesHandler, TemplateVersionHandler } from './find-templates.js';
import { PublishTemplateHandler } from './publish-template.js';
import { PublishedTemplates } from './published-templates.js';
import { SimulateContractHandler } from './simulate-contract.js';

export { loadTemplateLanguage, TEMPLATE_LANGUAGE, type TemplateLanguage } from './template-language.js';

/** Publishing, finding and trying out templates. Needs `TEMPLATE_LANGUAGE`, `REGIONS` and the read model's `TEMPLATE_IDS`. */
export const templatesApplication: readonly Provider[] = [
  { provide: TEMPLATES, useClass: PublishedTemplates },
  PublishTemplateHandler,
  TemplatesHandler,
  TemplateVersionHandler,
  TemplateFindingsHandler,
  SimulateContractHandler,
];
