import { afterEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { fold } from '#libs/kernel/decider/index.js';
import type { ContractId } from '#libs/kernel/ids/index.js';
import { recordedEvents, TENANT } from '#libs/testing/callers.js';
import {
  contractEventsIn,
  contractNode,
  contractPlatform,
  DAY_MS,
  fund,
  lesson,
  moverFor,
  paymentFor,
  signedContract,
  TERMINAL,
  tuitionInput,
  type ContractNode,
  type ContractPlatform,
} from '#libs/testing/contracts-world.js';
import { mortalLog, type Death } from '#libs/testing/mortal-log.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import { contractDecider } from '../domain/release-contract/index.js';

const open: ContractPlatform[] = [];

afterEach(async () => {
  for (const platform of open.splice(0)) await platform[Symbol.asyncDispose]();
});

function freshPlatform(): ContractPlatform {
  const platform = contractPlatform();
  open.push(platform);
  return platform;
}

/** A way that a process goes on a fresh platform; each step may be asked again by whoever restarts it. */
interface Way {
  /** Before the process that may die. */
  before(platform: ContractPlatform): Promise<ContractId>;
  /** What the process does; the same commands again when it is started again. */
  go(node: ContractNode, contractId: ContractId, platform: ContractPlatform): Promise<void>;
}

const WAYS: Readonly<Record<string, Way>> = {
  'drafting and signing': {
    before: (platform) => Promise.resolve(tuitionInput(platform.runtime.clock.now()).contractId),
    async go(node, _contractId, platform) {
      await signedContract(node, tuitionInput(platform.runtime.clock.now()));
    },
  },
  funding: {
    before: async (platform) => (await signed(platform)).contractId,
    async go(node, contractId) {
      const paymentId = paymentFor(contractId);
      const step = (name: string) => ({ ...moverFor(name), contractId, paymentId });
      const total = (await node.contracts.find(TENANT, contractId))!;
      const room = total.fundable.max.amount > 0n ? total.fundable.max : undefined;
      const known = await node.funding.reservationOf(contractId, paymentId);
      const reserved = known ?? accepted(await node.funding.reserve(step('reserve'), room!));
      await node.funding.deposit(step('deposit'), reserved.reserved);
    },
  },
  'a lesson confirmed': {
    before: async (platform) => (await running(platform)).contractId,
    async go(node, contractId, platform) {
      const taught = TERMINAL.signed(lesson(contractId, 1, platform.runtime.clock.now()));
      accepted(await node.contracts.attest(moverFor('lesson 1'), contractId, taught));
      const confirm = { kind: 'confirm', ruleId: 'lesson', dedupeKey: '1' } as const;
      accepted(await node.contracts.act(moverFor('confirm 1'), 'payer', contractId, confirm));
    },
  },
  'lessons that silence pays': {
    async before(platform) {
      const { contractId } = await running(platform);
      const node = contractNode(platform);
      for (const lessonNo of [1, 2, 3]) {
        const taught = TERMINAL.signed(lesson(contractId, lessonNo, platform.runtime.clock.now()));
        accepted(await node.contracts.attest(moverFor(`lesson ${lessonNo}`), contractId, taught));
        await platform.runtime.advance(DAY_MS);
      }
      await platform.runtime.advance(10 * DAY_MS);
      return contractId;
    },
    go: (node) => node.clock.sweep(0),
  },
};

async function signed(platform: ContractPlatform) {
  return signedContract(contractNode(platform), tuitionInput(platform.runtime.clock.now()));
}

async function running(platform: ContractPlatform) {
  const { contractId } = await signed(platform);
  return fund(contractNode(platform), contractId);
}

/** What the contract's stream says, but for the ids of streams and the moments of appends. */
async function storyOf(platform: ContractPlatform) {
  const events = await contractEventsIn(platform);
  return { events, state: fold(contractDecider, events) };
}

describe.each(Object.entries(WAYS))('a crash around any append of %s', (_name, way) => {
  async function undisturbed() {
    const platform = freshPlatform();
    const contractId = await way.before(platform);
    const mortal = mortalLog(platform.log, undefined);
    await way.go(contractNode(platform, mortal.log), contractId, platform);
    return { appends: mortal.appends(), story: await storyOf(platform) };
  }

  it('leaves the very history that there would have been without it', async () => {
    Logger.overrideLogger(false);
    const { appends, story } = await undisturbed();
    expect(appends).toBeGreaterThan(0);
    for (let append = 1; append <= appends; append += 1) {
      for (const moment of ['before', 'after'] as const) {
        const death: Death = { append, moment };
        const platform = freshPlatform();
        const contractId = await way.before(platform);
        const mortal = mortalLog(platform.log, death);
        await way.go(contractNode(platform, mortal.log), contractId, platform).catch(() => undefined);
        expect({ death, dead: mortal.dead() }).toEqual({ death, dead: true });
        // Another process finishes it, twice: nothing happens a second time.
        for (let again = 0; again < 2; again += 1) {
          await way.go(contractNode(platform), contractId, platform);
        }
        expect({ death, story: await storyOf(platform) }).toEqual({ death, story });
      }
    }
  });
});

describe('due timers', () => {
  it('fire once, also when two processes and a party come at the same time', async () => {
    for (const pause of [0, 1, 2, 5]) {
      const platform = freshPlatform();
      const way = WAYS['lessons that silence pays']!;
      const contractId = await way.before(platform);
      const wait = async (): Promise<void> => {
        for (let turn = 0; turn < pause; turn += 1) await Promise.resolve();
      };
      const nodes = [wait, () => Promise.resolve()].map((before) =>
        contractNode(platform, mortalLog(platform.log, undefined, before).log),
      );
      const draw = { kind: 'dispute', disputeId: 'd1', subject: null, reasonCode: 'OTHER' } as const;
      await Promise.all([
        ...nodes.map((node) => node.clock.sweep(0)),
        nodes[0]!.contracts.act(moverFor('dispute'), 'payer', contractId, draw),
      ]);
      const events = await contractEventsIn(platform);
      const fired = events.flatMap((event) => (event.type === 'TimerFired' ? [event.data.timerId] : []));
      expect(fired).toEqual(['payable:lesson:1', 'payable:lesson:2', 'payable:lesson:3']);
      const ids = (await recordedEvents(platform.log)).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });
});
