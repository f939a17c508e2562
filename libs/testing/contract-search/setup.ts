/** One contract to be tried out: a template with sample parameters and parties. Everything in it is data. */
import type { Party } from '#libs/contracts/domain/release-contract/messages.js';
import type { ParameterValues, Template } from '#libs/contracts/domain/template/types.js';

export interface Setup {
  readonly template: Template;
  readonly params: ParameterValues;
  readonly parties: readonly Party[];
  /** RFC 3339; when it is drafted, funded and comes into force. */
  readonly start: string;
  /** Minor units paid in. */
  readonly deposit: string;
  /** Parameters that an amendment would change; absent: no amendment is tried. */
  readonly amended?: ParameterValues;
}

/** Every role is filled by an organisation of the role's name, but for roles that stay open. */
export function partiesOf(template: Template): readonly Party[] {
  return Object.entries(template.roles).flatMap(([role, { optional }]): Party[] => {
    if (optional === true) return [];
    const partyId = `party-${role}`;
    return [{ role, partyId, kind: 'organisation', payTo: `org:${partyId}:payable` }];
  });
}
