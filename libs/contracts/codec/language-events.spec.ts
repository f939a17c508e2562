import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fold } from '#libs/kernel/decider/index.js';
import type { JsonObject } from '#libs/event-log/port/index.js';
import { EVENT_SCHEMAS_DIRECTORY, goldenSamples } from '#libs/testing/golden.js';
import { templateHashOf } from '../application/hashes.js';
import { setHashOf } from '../application/regions/set-regional-parameters.js';
import { publishedTemplateDecider } from '../domain/published-template/index.js';
import { regionDecider } from '../domain/region/index.js';
import { regionEvents, templateEvents } from './language-aggregates.js';

goldenSamples(templateEvents, { fold: (event) => fold(publishedTemplateDecider, [event]) });
goldenSamples(regionEvents, {
  fold: (event) => event.type === 'RegionalParametersProposed' && fold(regionDecider, [event]),
});

describe('hashes in the samples', () => {
  const sampleOf = (name: string): JsonObject => {
    const file = join(EVENT_SCHEMAS_DIRECTORY, 'contracts/samples', `${name}.json`);
    return (JSON.parse(readFileSync(file, 'utf8')) as { readonly data: JsonObject }).data;
  };

  it('are those of the stored template and of the stored set', () => {
    const template = templateEvents.types.TemplatePublished.decode(
      sampleOf('TemplatePublished.v1.red-packet'),
    );
    expect(templateHashOf(template.template)).toBe(template.hash);
    const stored = sampleOf('RegionalParametersProposed.v1.shanghai');
    const proposed = regionEvents.types.RegionalParametersProposed.decode(stored);
    expect(setHashOf(proposed.set)).toBe(proposed.setHash);
  });
});
