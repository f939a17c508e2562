import { fold } from '#libs/kernel/decider/index.js';
import { goldenSamples } from '#libs/testing/golden.js';
import { contractOriginsDecider } from '../domain/contract-origins/index.js';
import { contractOriginEvents } from './index.js';

goldenSamples(contractOriginEvents, {
  fold: (event) => event.type === 'ContractOriginRecorded' && fold(contractOriginsDecider, [event]),
});
