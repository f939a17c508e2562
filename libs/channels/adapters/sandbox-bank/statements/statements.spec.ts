import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { endToEndIdOf } from '#libs/channels/port/end-to-end-id.js';
import { ChannelMisused } from '#libs/channels/port/index.js';
import { addDays, parseLocalDate } from '#libs/kernel/time/index.js';
import { operationOf } from '#libs/testing/contracts/external-channel.js';
import { manualRuntime } from '#libs/testing/runtime/index.js';
import { type SandboxBankInProcess, sandboxBank } from '#libs/testing/sandbox-bank.js';
import { type BookLine } from './book.js';
import { withMistakes } from './mistakes.js';
import { document, element } from './xml.js';

const runtime = manualRuntime({ start: '2026-09-01T01:00:00.000Z' });
const operation = operationOf('collect', 0n);
const { tenant } = operation;
const expiresAt = parseLocalDate('2027-01-01').concat('T00:00:00.000Z') as typeof operation.expiresAt;

/** Texts of an element, in order. */
const all = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`, 'g'))].map(
    ([, text]) => text as string,
  );
/** The part that the balances are in has Amt elements of its own. */
const entries = (xml: string): string => xml.slice(xml.indexOf('<Ntry>'), xml.lastIndexOf('</Ntry>'));

describe('statements', () => {
  let bank: SandboxBankInProcess;
  beforeEach(async () => {
    bank = await sandboxBank({ clock: runtime.clock });
    bank.controls.hold();
  });
  afterEach(() => bank.close());

  it('hold the day’s book, with balances that add up from day to day', async () => {
    const day = bank.controls.today();
    const statement = (date = day, format: 'camt.053' | 'camt.054' = 'camt.053') =>
      bank.channel.statement({ tenant, date, format });
    const come = operationOf('collect', 10_000n, { expiresAt, purpose: '<学费> & "others"' });
    const gone = operationOf('payout', 2_507n, { expiresAt });
    for (const each of [come, gone, operationOf('collect', 101n, { expiresAt })])
      await bank.channel.submit(each);
    await bank.controls.deliver();

    const xml = await statement();
    expect(xml).toContain('<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">');
    expect(all(xml, 'Ustrd')[0]).toBe('&lt;学费&gt; &amp; &quot;others&quot;');
    const entriesAll = entries(xml);
    expect(all(entriesAll, 'AddtlTxInf')).toEqual([come, gone, gone].map(({ operationId }) => operationId));
    expect(all(entriesAll, 'EndToEndId')).toEqual(
      [come, gone, gone].map(({ operationId }) => endToEndIdOf(operationId)),
    );
    expect(all(entriesAll, 'RvslInd')).toEqual(['true']);
    expect(all(entriesAll, 'NtryRef')).toHaveLength(3);
    expect(/<Cd>OPBD<\/Cd>[^]*?<Amt Ccy="CNY">([\d.]+)</.exec(xml)?.[1]).toBe('0.00');
    expect(/<Cd>CLBD<\/Cd>[^]*?<Amt Ccy="CNY">([\d.]+)</.exec(xml)?.[1]).toBe('100.00');
    expect(all(xml, 'Sum')).toEqual(['150.14']);
    const next = await statement(addDays(day, 1));
    expect(/<Cd>OPBD<\/Cd>[^]*?<Amt Ccy="CNY">([\d.]+)</.exec(next)?.[1]).toBe('100.00');
    expect(all(next, 'NbOfNtries')).toEqual(['0']);
    expect(Number(all(next, 'ElctrncSeqNb')[0]) - Number(all(xml, 'ElctrncSeqNb')[0])).toBe(1);

    const notices = await statement(day, 'camt.054');
    expect(notices).toContain('camt.054.001.08');
    expect(notices).toContain('<Ntfctn>');
    expect(notices).not.toContain('<Bal>');
    expect(entries(notices)).toBe(entriesAll);
    expect(
      await bank.channel.statement({ tenant: 'other' as typeof tenant, date: day, format: 'camt.053' }),
    ).not.toContain(come.operationId);
  });

  it('have mistakes on demand, the same each time, and still add up', async () => {
    const day = bank.controls.today();
    for (let fen = 1_000n; fen < 2_000n; fen += 100n)
      await bank.channel.submit(operationOf('collect', fen, { expiresAt }));
    const right = await bank.channel.statement({ tenant, date: day, format: 'camt.053' });
    const wrong = await bank.controls.mistakenStatement(tenant, day, 'camt.053');
    expect(await bank.controls.mistakenStatement(tenant, day, 'camt.053')).toBe(wrong);
    expect(all(entries(right), 'NtryRef')).toHaveLength(10);
    const references = all(entries(wrong), 'NtryRef');
    expect([references.length, new Set(references).size]).toEqual([10, 9]);
    const amounts = all(entries(wrong), 'Amt').filter((_, index) => index % 2 === 0);
    expect(amounts.filter((amount) => amount.endsWith('1'))).toHaveLength(1);
    const fen = (texts: readonly string[]) =>
      texts.reduce((sum, text) => sum + BigInt(text.replace('.', '')), 0n);
    expect(/<Cd>CLBD<\/Cd>[^]*?<Amt Ccy="CNY">([\d.]+)</.exec(wrong)?.[1]?.replace('.', '')).toBe(
      String(fen(amounts)),
    );
  });

  it.each(['camt.052', ''])('refuse the format "%s"', async (format) => {
    const request = { tenant, date: bank.controls.today(), format: format as 'camt.053' };
    await expect(bank.channel.statement(request)).rejects.toThrow(ChannelMisused);
  });

  it('refuse a day that does not exist', async () => {
    const request = {
      tenant,
      date: '2026-02-30' as ReturnType<typeof parseLocalDate>,
      format: 'camt.053',
    } as const;
    await expect(bank.channel.statement(request)).rejects.toThrow(ChannelMisused);
  });
});

describe('mistakes', () => {
  const line = (number: number): BookLine => ({
    number: String(number),
    at: runtime.clock.now(),
    operationId: `payment-${number}`,
    direction: 'CRDT',
    amount: 100n,
    reference: `SB${number}`,
    text: '',
    isReturn: false,
  });
  const lines = (count: number) => Array.from({ length: count }, (_, index) => line(index + 1));
  const date = parseLocalDate('2026-09-01');

  it('are one of each kind where there is room, and as many as fit elsewhere', () => {
    const wrong = withMistakes(lines(8), date);
    const times = (number: string) => wrong.filter((each) => each.number === number).length;
    const counts = lines(8).map(({ number }) => times(number));
    expect(counts.toSorted()).toEqual([0, 1, 1, 1, 1, 1, 1, 2]);
    expect(wrong.filter(({ amount }) => amount === 101n)).toHaveLength(1);
    const misread = wrong.filter(({ number, reference }) => reference !== `SB${number}`);
    expect(misread).toHaveLength(2);
    expect(misread.map(({ reference }) => reference).toSorted()).toEqual(
      misread.map(({ number }) => `SB${number}`).toSorted(),
    );
    expect(withMistakes([], date)).toEqual([]);
    expect(withMistakes(lines(1), date)).toEqual([]);
    expect(withMistakes(lines(2), date)).toHaveLength(2);
    expect(withMistakes(lines(8), addDays(date, 1))).not.toEqual(wrong);
  });
});

describe('the XML writer', () => {
  it('escapes, and puts a mark where XML has no place for a character', () => {
    const text = 'a<b>&"\'\u0000\u001f\ud800\ufffe学😀\r\n';
    expect(document(element('A', [element('B', text, { c: '"<' }), undefined, element('D', '')]))).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<A>\n  <B c="&quot;&lt;">' +
        'a&lt;b&gt;&amp;&quot;&apos;\ufffd\ufffd\ufffd\ufffd学😀&#13;\n</B>\n  <D></D>\n</A>\n',
    );
  });
});

describe('endToEndIdOf', () => {
  it('has at most 35 characters and keeps the process’s id', () => {
    expect(endToEndIdOf('payment-0b1c2d3e-4f50-7000-8000-000000000001')).toBe(
      '0b1c2d3e4f5070008000000000000001',
    );
    expect(endToEndIdOf('x'.repeat(60))).toHaveLength(35);
  });
});
