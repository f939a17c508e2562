import type { Employment } from '#libs/security/port/index.js';
import { DEMO_USERS } from './demo-directory.js';

/** Who works where, as the demo's directory says it of the person, not of the account. */
export const demoEmployment: Employment = {
  employersOf: (tenant, personId) => {
    const own = DEMO_USERS.filter((user) => user.tenant === tenant && user.personId === personId);
    return Promise.resolve(own.flatMap(({ organisation }) => organisation ?? []));
  },
};

/** Where no register of staff is connected: only what the access token says is known. */
export const noEmployment: Employment = { employersOf: () => Promise.resolve([]) };
