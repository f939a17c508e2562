import { type Person, settled } from '../person.js';
import { holds } from './holds.js';

export interface Approval {
  readonly __typename: string;
  readonly code?: string;
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly payload: readonly { readonly name: string; readonly value: string }[];
  readonly payloadHash: string;
  readonly mayDecide: boolean;
}

const APPROVAL = '__typename id kind status payload { name value } payloadHash mayDecide';

export async function approvalOf(who: Person, id: string): Promise<Approval> {
  const ask = () =>
    who.get<Approval | null>(`query A($id: ID!) { approval(id: $id) { ${APPROVAL} } }`, { id });
  const found = await settled(ask, (one) => one !== null);
  return found!;
}

export function decide(
  who: Person,
  { id, payloadHash }: Pick<Approval, 'id' | 'payloadHash'>,
  grant = true,
): Promise<Approval> {
  return who.act<Approval>(
    'decideApproval',
    { approvalId: id, payloadHash, grant, comment: '已核对' },
    `... on Approval { ${APPROVAL} }`,
  );
}

/** The second person looks at it and agrees. */
export async function approve(who: Person, id: string, kind: string): Promise<Approval> {
  const shown = await approvalOf(who, id);
  holds('what the second person is shown', shown, { kind, status: 'PENDING', mayDecide: true });
  const decided = await decide(who, shown);
  holds('the decision', decided, { __typename: 'Approval', status: /^(GRANTED|USED)$/ });
  return decided;
}
