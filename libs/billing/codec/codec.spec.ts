import { fold } from '#libs/kernel/decider/index.js';
import { goldenSamples } from '#libs/testing/golden.js';
import { billDecider } from '../domain/bill/index.js';
import { feeItemDecider } from '../domain/fee-item/index.js';
import { billingTermsDecider } from '../domain/billing-terms/index.js';
import { billEvents, billingTermsEvents, feeItemEvents } from './index.js';

// An issued bill stands alone; the samples of later events are checked for their shape.
goldenSamples(billEvents, { fold: (event) => event.type === 'BillIssued' && fold(billDecider, [event]) });
goldenSamples(billingTermsEvents, { fold: (event) => fold(billingTermsDecider, [event]) });
goldenSamples(feeItemEvents, { fold: (event) => fold(feeItemDecider, [event]) });
