export {
  privacyEvents,
  privacyEventSets,
  subjectAggregate,
  type PersonalDataErased,
} from './personal-data-erased.js';
export { erasePersonalData } from './erase-personal-data.js';
