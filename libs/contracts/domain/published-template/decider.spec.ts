import { describe, expect, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import { SOUND } from '#libs/testing/bad-templates.data.js';
import { spec } from '#libs/testing/decider-spec.js';
import {
  compareVersions,
  publishedTemplateDecider,
  type PublishCommand,
  type TemplatePublished,
} from './index.js';

const tenant = asId<'tenant'>('demo');
const at = parseInstant('2026-09-01T00:00:00Z');

const publish = (
  version: string,
  hash = version,
  builtIn: PublishCommand['builtIn'] = [],
): PublishCommand => ({
  kind: 'publish',
  tenant,
  template: { ...SOUND, version },
  hash,
  publishedBy: 'bd-1',
  builtIn,
  at,
});
const published = (version: string, hash = version): TemplatePublished => ({
  type: 'TemplatePublished',
  data: {
    tenant,
    templateId: 'sound',
    version,
    hash,
    template: { ...SOUND, version },
    publishedBy: 'bd-1',
    at,
  },
});

describe('versions of a template', () => {
  it('are published once, and rise', () => {
    spec(publishedTemplateDecider)
      .given([])
      .when(publish('1.0.0'))
      .then([published('1.0.0')]);
    spec(publishedTemplateDecider)
      .given([published('1.9.0')])
      .when(publish('1.10.0'))
      .then([published('1.10.0')]);
    spec(publishedTemplateDecider)
      .given([published('1.0.0')])
      .when(publish('1.0.0'))
      .then([]);
    spec(publishedTemplateDecider)
      .given([published('1.0.0')])
      .when(publish('1.0.0', 'other'))
      .thenRejected({ code: 'TEMPLATE_VERSION_EXISTS', details: { version: '1.0.0', hash: '1.0.0' } });
    spec(publishedTemplateDecider)
      .given([published('1.0.0'), published('2.0.0')])
      .when(publish('1.9.9'))
      .thenRejected({ code: 'TEMPLATE_VERSION_TOO_LOW', details: { version: '1.9.9', newest: '2.0.0' } });
    spec(publishedTemplateDecider)
      .given([published('2.0.0'), published('1.0.0')])
      .thenImpossible();
  });

  it('count those that came with the product', () => {
    const builtIn = [{ version: '1.0.0', hash: 'a' }];
    spec(publishedTemplateDecider)
      .given([])
      .when(publish('1.0.0', 'a', builtIn))
      .then([]);
    spec(publishedTemplateDecider)
      .given([])
      .when(publish('1.0.0', 'b', builtIn))
      .thenRejected({ code: 'TEMPLATE_VERSION_EXISTS', details: { version: '1.0.0', hash: 'a' } });
    spec(publishedTemplateDecider)
      .given([])
      .when(publish('0.9.0', 'b', builtIn))
      .thenRejected({ code: 'TEMPLATE_VERSION_TOO_LOW', details: { version: '0.9.0', newest: '1.0.0' } });
    spec(publishedTemplateDecider)
      .given([])
      .when(publish('1.0.1', 'b', builtIn))
      .then([published('1.0.1', 'b')]);
  });

  it('compare by numbers', () => {
    const versions = ['10.0.0', '2.0.0', '1.10.0', '1.9.0', '1.9.10', '1.9.9'];
    expect(versions.toSorted(compareVersions)).toEqual([
      '1.9.0',
      '1.9.9',
      '1.9.10',
      '1.10.0',
      '2.0.0',
      '10.0.0',
    ]);
  });
});
