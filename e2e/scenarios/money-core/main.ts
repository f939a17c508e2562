/** node dist/e2e/scenarios/money-core/main.js [--url http://localhost:4000] [--data ./data] [--parts payments,ledger] */
import { playScript } from '../play.js';
import { PARTS } from './money-core.js';
import { Story } from './story.js';

await playScript({ parts: PARTS, together: false, open: (at) => Story.open(at) });
