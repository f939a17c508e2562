/** node dist/e2e/scenarios/prepaid-course/main.js [--url http://localhost:4000] [--data ./data] */
import { playScript } from '../play.js';
import { PARTS } from './prepaid-course.js';
import { CourseStory } from './story.js';

await playScript({ parts: PARTS, together: true, open: (at) => CourseStory.open(at) });
