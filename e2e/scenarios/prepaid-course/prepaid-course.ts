import { attacks } from './parts/attacks.js';
import { books } from './parts/books.js';
import { campaigns } from './parts/campaigns.js';
import { closure } from './parts/closure.js';
import { lessons } from './parts/lessons.js';
import { proofs } from './parts/proofs.js';
import { sale } from './parts/sale.js';
import { templates } from './parts/templates.js';
import { withdrawal } from './parts/withdrawal.js';
import type { CourseStory } from './story.js';

/** From the first draft of the terms to the last yuan, in this order: each part goes on from where the one before has ended. */
export const PARTS: Readonly<Record<string, (story: CourseStory) => Promise<void>>> = {
  templates,
  sale,
  attacks,
  lessons,
  withdrawal,
  campaigns,
  closure,
  proofs,
  books,
};
