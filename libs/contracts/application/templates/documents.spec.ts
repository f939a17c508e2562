import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CONTRACT_SCHEMAS_DIRECTORY } from '#libs/testing/contract-language.js';
import { loadTemplateLanguage } from './template-language.js';

const language = loadTemplateLanguage(CONTRACT_SCHEMAS_DIRECTORY);
const RED_PACKET = readFileSync(join(CONTRACT_SCHEMAS_DIRECTORY, 'templates/red-packet.yaml'), 'utf8');

function codesOf(document: string): readonly string[] {
  const read = language.read(document);
  return 'findings' in read ? [...new Set(read.findings.map(({ code }) => code))] : [];
}

function firstOf(document: string): {
  readonly code: string;
  readonly path: string;
  readonly message: string;
} {
  const read = language.read(document);
  if ('findings' in read) return read.findings[0]!;
  throw new Error('Nothing was found.');
}

describe('a document', () => {
  it.each([
    ['an alias', RED_PACKET.replace('asset: CNY/2', 'asset: &a CNY/2').replace('max: $amount', 'max: *a')],
    ['an anchor', RED_PACKET.replace('asset: CNY/2', 'asset: &a CNY/2')],
    ['an unknown tag', RED_PACKET.replace('asset: CNY/2', 'asset: !money CNY/2')],
    ['a standard tag', RED_PACKET.replace('asset: CNY/2', 'asset: !!str CNY/2')],
    ['a key twice', `${RED_PACKET}asset: CNY/2\n`],
    ['two documents', `${RED_PACKET}---\na: 1\n`],
    ['a key that is no text', `${RED_PACKET}? [a]\n: 1\n`],
    ['broken YAML', '{ apiVersion: ['],
    ['65,537 bytes', RED_PACKET + '#'.repeat(65_537 - Buffer.byteLength(RED_PACKET))],
    ['brackets without end', '['.repeat(60_000)],
    ['maps without end', '{a: '.repeat(3_999)],
    ['a lone surrogate', '{"title":"\\ud800"}'],
    ['an alias bomb', `a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n`],
  ])('with %s is refused as unreadable', (_, document) => {
    expect(codesOf(document)).toEqual(['UNREADABLE']);
  });

  it.each([
    ['', ''],
    ['no map', 'just text'],
    ['a list', '[]'],
    ['a number where a text belongs', RED_PACKET.replace("min: '1'", 'min: 1')],
    ['an unknown member', `${RED_PACKET}script: alert\n`],
    ['a prototype', `${RED_PACKET}__proto__: { x: 1 }\n`],
    ['a name with a blank', RED_PACKET.replace('  amount:', '  a mount:')],
    [
      'two conditions in one',
      RED_PACKET.replace('when: { claimed', "when: { at: '2026-09-01T00:00:00Z', claimed"),
    ],
    [
      'a share that is none',
      RED_PACKET.replace('to: merchant', 'to: [{ to: merchant, share: 0.5 }, { to: holder, share: rest }]'),
    ],
    ['words in one language alone', RED_PACKET.replace('zh-CN: 消费, ', '')],
    ['a version that is none', RED_PACKET.replace('version: 1.0.0', 'version: 1.0')],
  ])('with %s does not have the shape of a template', (_, document) => {
    expect(codesOf(document)).toEqual(['SCHEMA']);
  });

  it('of 64 KiB is read, and the place of a fault is told', () => {
    const padded = RED_PACKET + '#'.repeat(65_536 - Buffer.byteLength(RED_PACKET));
    expect(codesOf(padded)).toEqual([]);
    expect(firstOf(`${RED_PACKET}script: alert\n`)).toEqual({
      code: 'SCHEMA',
      path: '',
      message: 'must NOT have additional properties (script)',
    });
    expect(firstOf(RED_PACKET.replace('do: release', 'do: burn')).path).toBe('/rules/0/do');
    expect(firstOf(RED_PACKET.replace('to: merchant', 'to: nobody'))).toMatchObject({
      code: 'UNKNOWN_ROLE',
      path: '/rules/0/to',
    });
  });

  it('names an evidence schema and fields that exist', () => {
    const tuition = readFileSync(
      join(CONTRACT_SCHEMAS_DIRECTORY, 'templates/tuition-per-lesson.yaml'),
      'utf8',
    );
    expect(codesOf(tuition.replace('lesson.v1', 'lesson.v9'))).toEqual(['UNKNOWN_EVIDENCE_SCHEMA']);
    expect(codesOf(tuition.replace('/lessonNo', '/classNo'))).toEqual(['UNKNOWN_EVIDENCE_FIELD']);
  });
});
