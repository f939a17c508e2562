import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { APPROVALS, type Approvals } from '#libs/approvals/contract/index.js';
import { globalId } from '#libs/graphql/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { addMs, parseInstant } from '#libs/kernel/time/index.js';
import { DEMO_TENANT } from '#libs/security/adapters/demo/demo-directory.js';
import { type Person, ShopFloor, settled } from './shop-floor.js';
import { openSchool } from './tuition-acts.js';

interface Approval {
  readonly __typename: string;
  readonly code?: string;
  readonly id: string;
  readonly status: string;
  readonly payloadHash: string;
  readonly mayDecide: boolean;
  readonly decision: { readonly checker: string; readonly granted: boolean } | null;
}

const FIELDS =
  '__typename id kind status payload { name value } payloadHash maker mayDecide organisation { code } decision { checker granted comment }';

let floor: ShopFloor;
let [supervisor, ops, bursar]: Person[] = [];
let organisationId: string;

beforeAll(async () => {
  floor = await ShopFloor.open();
  supervisor = await floor.person('supervisor');
  ops = await floor.person('ops');
  bursar = await floor.person('bursar');
  organisationId = await openSchool(await floor.person('bd'), bursar, 'school-2');
});
afterAll(() => floor.close());

/** As a context does it whose act needs a second person. @returns the approval's id for clients */
async function asked(id: string, maker: string, payload: Readonly<Record<string, string>>): Promise<string> {
  const requestedAt = parseInstant(new Date().toISOString());
  await floor.part<Approvals>(APPROVALS).request(
    {
      approvalId: asId(id),
      kind: 'refund',
      tenant: DEMO_TENANT,
      organisationId: asId('school-2'),
      subject: `refund-${id}`,
      payload,
      maker: { accountId: `demo-${maker}`, personId: `demo-person-${maker}` },
      reason: '重复缴费',
      requestedAt,
      expiresAt: addMs(requestedAt, 3_600_000),
    },
    'scenario',
  );
  return globalId('Approval', id);
}

const seen = (who: Person, id: string) =>
  who.get<Approval | null>(`query A($id: ID!) { approval(id: $id) { ${FIELDS} } }`, { id });
const decide = (who: Person, { id, payloadHash }: Approval, grant = true) =>
  who.act<Approval>(
    'decideApproval',
    { approvalId: id, payloadHash, grant },
    `... on Approval { ${FIELDS} }`,
  );

describe('maker-checker', () => {
  it('shows a checker what is asked, takes the decision, and tells whoever watches', async () => {
    const watching = supervisor!.watch<Approval>(
      `subscription W($of: ApprovalSelector!) { approvalUpdated(of: $of) { ${FIELDS} } }`,
      { of: { organisationId } },
    );
    // The server has taken the subscription once something comes: edits of one request until then.
    const knock = randomUUID();
    let knocks = 0;
    await settled(
      () => asked(knock, 'bursar', { knock: String((knocks += 1)) }),
      () => watching.received.length > 0,
    );
    const uuid = randomUUID();
    const id = await asked(uuid, 'bursar', { amount: '120.00' });
    const shown = (await settled(
      () => seen(supervisor!, id),
      (found) => found !== null,
    ))!;
    expect(shown).toMatchObject({
      kind: 'REFUND',
      status: 'PENDING',
      payload: [{ name: 'amount', value: '120.00' }],
      maker: 'demo-bursar',
      mayDecide: true,
      organisation: { code: 'school-2' },
      decision: null,
    });
    expect(await seen(bursar!, id)).toMatchObject({ status: 'PENDING', mayDecide: false });
    expect((await decide(bursar!, shown)).code).toBe('FORBIDDEN');
    const granted = await decide(supervisor!, shown);
    expect(granted).toMatchObject({
      status: 'GRANTED',
      mayDecide: false,
      decision: { granted: true, checker: 'demo-supervisor' },
    });
    expect(await decide(supervisor!, shown)).toEqual(granted);
    expect((await decide(ops!, shown)).code).toBe('APPROVAL_CLOSED');
    await watching.until((received) =>
      received.some((update) => update.id === id && update.status === 'GRANTED'),
    );
    const { nodes } = await supervisor!.get<{ readonly nodes: readonly Approval[] }>(
      'query L($filter: ApprovalFilter) { approvals(filter: $filter) { nodes { id status } } }',
      { filter: { kinds: ['REFUND'], statuses: ['GRANTED'] } },
    );
    expect(nodes).toEqual([{ id, status: 'GRANTED' }]);
  });

  it('refuses a decision on what was edited since, and by the person who asked', async () => {
    const uuid = randomUUID();
    const id = await asked(uuid, 'supervisor', { amount: '1.00' });
    const first = (await settled(
      () => seen(ops!, id),
      (found) => found !== null,
    ))!;
    expect((await decide(supervisor!, first)).code).toBe('SAME_PERSON');
    await asked(uuid, 'supervisor', { amount: '1000.00' });
    expect((await decide(ops!, first)).code).toBe('APPROVAL_STALE');
    const edited = (await settled(
      () => seen(ops!, id),
      (found) => found?.payloadHash !== first.payloadHash,
    ))!;
    expect(await decide(ops!, edited, false)).toMatchObject({
      status: 'DECLINED',
      decision: { granted: false },
    });
    const missing = { ...edited, id: globalId('Approval', randomUUID()) };
    expect((await decide(ops!, missing)).code).toBe('APPROVAL_NOT_FOUND');
  });
});
