import { describe, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import { feeItemDecider, type DefineFeeItem, type FeeItemEvent } from './index.js';

const content = {
  feeItemId: asId<'feeItem'>('item-1'),
  tenant: asId<'tenant'>('demo'),
  organisationId: asId<'organisation'>('school-1'),
  code: 'TUITION',
  name: '学费',
  category: 'tuition',
  glCode: '4101',
  priority: 1,
  requestId: 'r1',
};
const define: DefineFeeItem = { kind: 'define', ...content };
const defined: FeeItemEvent = { type: 'FeeItemDefined', data: content };

describe('defining a fee item', () => {
  it('defines it once per request', () => {
    spec(feeItemDecider).given([]).when(define).then([defined]);
    spec(feeItemDecider).given([defined]).when(define).then([]);
  });

  it('refuses a code that is taken, and a key used with another input', () => {
    spec(feeItemDecider)
      .given([defined])
      .when({ ...define, requestId: 'r2' })
      .thenRejected({ code: 'FEE_ITEM_CODE_TAKEN' });
    for (const change of [{ name: 'x' }, { category: 'x' }, { glCode: 'x' }, { priority: 2 }]) {
      spec(feeItemDecider)
        .given([defined])
        .when({ ...define, ...change })
        .thenRejected({ code: 'IDEMPOTENCY_CONFLICT' });
    }
  });

  it.each<[Partial<DefineFeeItem>, string]>([
    [{ code: '' }, 'code'],
    [{ code: '学费' }, 'code'],
    [{ code: 'x'.repeat(41) }, 'code'],
    [{ name: ' ' }, 'name'],
    [{ name: 'x'.repeat(101) }, 'name'],
    [{ category: '' }, 'category'],
    [{ glCode: '' }, 'glCode'],
    [{ priority: 0 }, 'priority'],
    [{ priority: 1.5 }, 'priority'],
    [{ priority: 1000 }, 'priority'],
  ])('refuses %j', (change, field) => {
    spec(feeItemDecider)
      .given([])
      .when({ ...define, ...change })
      .thenRejected({ code: 'INVALID_FEE_ITEM', path: [field] });
  });

  it('cannot have been defined twice', () => {
    spec(feeItemDecider).given([defined, defined]).thenImpossible();
  });
});
