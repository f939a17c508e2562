import type { ContractStage } from './contract-play.js';
import type { DemoStudent } from './demo-students.js';
import { campaignOf } from './play-campaign.js';
import { coursesOf } from './play-courses.js';
import { depositOf } from './play-deposit.js';
import type { Act } from './play-occasions.js';
import { SeedRefused } from './seed-target.js';

/** Prepaid lessons, a deposit and a campaign, each act at its moment. @param students of the primary school */
export function contractActsOf(stage: ContractStage, students: readonly DemoStudent[]): readonly Act[] {
  return [...coursesOf(stage), ...depositOf(stage), ...campaignOf(stage, students)];
}

/**
 * Acts of a seed that goes on after it was cut short. The clock of a contract never goes back, and contracts have lived on by the
 * real one: what comes too late for them is left out.
 */
export function asFarAsPossible(acts: readonly Act[], onSkipped: (what: string) => void): readonly Act[] {
  return acts.map(({ at, play }) => ({
    at,
    play: async () => {
      try {
        await play();
      } catch (error) {
        if (!(error instanceof SeedRefused)) throw error;
        onSkipped(error.message);
      }
    },
  }));
}
