import { Logger } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { addMs } from '#libs/kernel/time/index.js';
import { SCHOOL, TENANT } from '#libs/testing/callers.js';
import {
  BUREAU,
  contractEventsIn,
  contractNode,
  contractPlatform,
  DAY_MS,
  fund,
  lesson,
  moverFor,
  PAYER,
  signedContract,
  TERMINAL,
  tuitionInput,
  yuan,
  type ContractNode,
  type ContractPlatform,
} from '#libs/testing/contracts-world.js';
import { mortalLog } from '#libs/testing/mortal-log.js';
import { accepted } from '#libs/testing/payment-fixture.js';

/** What is due of so many is more than one tick does, or more than the 1 MiB that one append holds. */
const READINGS = { clock: 250, party: 780 } as const;

async function meter(platform: ContractPlatform, node: ContractNode, readings: number) {
  const now = platform.runtime.clock.now();
  const tuition = tuitionInput(now, 'meter');
  const { contractId } = await signedContract(node, {
    ...tuition,
    templateId: 'prepaid-meter-deposit',
    params: {
      min: '10000',
      max: '200000',
      tariff: '100/1',
      notice: 'P3D',
      fundBy: addMs(now, 7 * DAY_MS),
      endsAt: addMs(now, 365 * DAY_MS),
      meterKeys: [TERMINAL.key],
    },
    parties: [
      { role: 'customer', partyId: PAYER, kind: 'account', payTo: null },
      { role: 'utility', partyId: SCHOOL, kind: 'organisation', payTo: `org:${SCHOOL}:payable` },
      { role: 'regulator', partyId: BUREAU, kind: 'organisation', payTo: null },
    ],
  });
  await fund(node, contractId);
  for (let nth = 1; nth <= readings; nth += 1) {
    const evidence = TERMINAL.signed({
      contractId,
      rule: 'usage',
      schema: 'reading.v1',
      dedupeKey: String(nth),
      payload: { readingNo: String(nth), reading: String(nth) },
      observedAt: now,
    });
    accepted(await node.contracts.attest(moverFor(`reading ${nth}`), contractId, evidence));
  }
  return contractId;
}

async function firedIn(platform: ContractPlatform) {
  const events = await contractEventsIn(platform);
  return events.flatMap((event) => (event.type === 'TimerFired' ? [event.data.timerId] : []));
}

describe('more timers due than one append holds', () => {
  it('fire once each, when the clock comes and when a party comes before it', async () => {
    for (const first of ['clock', 'party'] as const) {
      await using platform = contractPlatform();
      const node = contractNode(platform);
      const readings = READINGS[first];
      const expected = Array.from({ length: readings }, (_, nth) => `payable:usage:${nth + 1}`);
      const contractId = await meter(platform, node, readings);
      await platform.runtime.advance(4 * DAY_MS);
      if (first === 'clock') {
        await node.clock.sweep(0);
        expect(await firedIn(platform)).toEqual(expected);
      }
      const dispute = { kind: 'dispute', disputeId: 'd1', subject: null, reasonCode: 'OTHER' } as const;
      const disputed = accepted(
        await node.contracts.act(moverFor('dispute'), 'customer', contractId, dispute),
      );
      expect({ first, disputed }).toMatchObject({
        first,
        disputed: { released: yuan(readings), status: 'frozen', openUnits: [] },
      });
      expect(await firedIn(platform)).toEqual(expected);
    }
  });
});

describe('a process that dies among many contracts that are due', () => {
  it('leaves the rest to the next one, and nothing fires twice', async () => {
    Logger.overrideLogger(false);
    const names = Array.from({ length: 12 }, (_, nth) => `course-${nth}`);
    for (const moment of ['before', 'after'] as const) {
      await using platform = contractPlatform();
      const node = contractNode(platform);
      const now = platform.runtime.clock.now();
      for (const name of names) {
        const { contractId } = await signedContract(node, tuitionInput(now, name));
        await fund(node, contractId);
        const taught = TERMINAL.signed(lesson(contractId, 1, now));
        accepted(await node.contracts.attest(moverFor(`${name} lesson`), contractId, taught));
      }
      await platform.runtime.advance(10 * DAY_MS);
      const mortal = mortalLog(platform.log, { append: 5, moment });
      await contractNode(platform, mortal.log).clock.sweep(0);
      const done = (await firedIn(platform)).length;
      expect({ moment, dead: mortal.dead(), done }).toEqual({
        moment,
        dead: true,
        done: moment === 'before' ? 4 : 5,
      });
      const next = contractNode(platform);
      await next.clock.sweep(0);
      await next.clock.sweep(0);
      expect(await firedIn(platform)).toHaveLength(names.length);
      for (const name of names) {
        const contract = await next.contracts.find(TENANT, tuitionInput(now, name).contractId);
        expect(contract).toMatchObject({ released: yuan(100), openUnits: [] });
      }
    }
  });
});
