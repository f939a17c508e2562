import { describe, expect, it } from '@jest/globals';
import {
  GraphQLEnumType,
  type GraphQLField,
  GraphQLInputObjectType,
  GraphQLObjectType,
  GraphQLUnionType,
  buildASTSchema,
  getNamedType,
  isNonNullType,
  parse,
} from 'graphql';
import { isRejectionType, rejectionTypeName } from '#libs/graphql/index.js';
import { REJECTIONS } from './rejections/codes.js';
import { FIELD_WEIGHTS, sdlDocuments } from './schema.js';

const schema = buildASTSchema(parse(sdlDocuments().join('\n')));
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
const objectTypes = Object.values(schema.getTypeMap()).filter((type) => type instanceof GraphQLObjectType);
const refusals = objectTypes.filter(isRejectionType);

const inputOf = (field: GraphQLField<unknown, unknown>): GraphQLInputObjectType | undefined => {
  const [input] = field.args;
  const type = input && getNamedType(input.type);
  return type instanceof GraphQLInputObjectType ? type : undefined;
};

describe('the public schema', () => {
  it('knows a result for every mutation of the table and no other', () => {
    expect(mutations.map(({ name }) => name).sort()).toEqual(Object.keys(REJECTIONS).sort());
  });

  it.each(Object.entries(REJECTIONS))('says every way in which %s can be refused', (name, codes) => {
    const union = getNamedType(mutations.find((field) => field.name === name)!.type);
    expect(union).toBeInstanceOf(GraphQLUnionType);
    const members = (union as GraphQLUnionType).getTypes();
    expect(
      members
        .filter(isRejectionType)
        .map((type) => type.name)
        .sort(),
    ).toEqual(codes.map(rejectionTypeName).sort());
    expect(members.filter((type) => !isRejectionType(type)).length).toBe(1);
  });

  it('has one object type and one enum value for every code', () => {
    const codes = [...new Set(Object.values(REJECTIONS).flat())].sort();
    const declared = (schema.getType('RejectionCode') as GraphQLEnumType).getValues().map(({ name }) => name);
    expect(declared.sort()).toEqual(codes);
    expect(refusals.map(({ name }) => name).sort()).toEqual(codes.map(rejectionTypeName).sort());
  });

  it('gives every mutation one object as input, never null', () => {
    for (const field of mutations) {
      expect([field.name, field.args.map(({ name, type }) => [name, isNonNullType(type)])]).toEqual([
        field.name,
        [['input', true]],
      ]);
      expect([field.name, inputOf(field)?.name.toLowerCase()]).toEqual([
        field.name,
        `${field.name}input`.toLowerCase(),
      ]);
    }
  });

  it('asks for an idempotency key wherever money or a promise of it moves', () => {
    const withKey = mutations
      .filter((field) => inputOf(field)?.getFields().idempotencyKey)
      .map(({ name }) => name);
    expect(withKey.sort()).toEqual([
      'acceptNewPrice',
      'adjustBill',
      'approveUnit',
      'assignCase',
      'cancelBill',
      'cancelPayment',
      'cancelReceipt',
      'chargePayerCode',
      'claimFromContract',
      'closeInstitution',
      'closeSubWallet',
      'confirmCollection',
      'confirmLesson',
      'confirmRefund',
      'confirmUnit',
      'createCampaign',
      'createPaymentLink',
      'defineFeeItem',
      'deliverLesson',
      'deliverLessons',
      'dishonourCheque',
      'draftContract',
      'drawFromContract',
      'freezeWallet',
      'fundContract',
      'giveMandate',
      'issueBills',
      'issueHardWallet',
      'issueMerchantCode',
      'loadHardWallet',
      'markLessonMissed',
      'noteCase',
      'objectToLesson',
      'objectToUnit',
      'openComplaint',
      'openDispute',
      'openWallet',
      'orderCourse',
      'payBills',
      'payMerchantCode',
      'proposeAmendment',
      'publishCourse',
      'pushSubWallet',
      'quotePayment',
      'relimitSubWallet',
      'reopenCase',
      'repriceCourse',
      'repriceOrder',
      'requestCollection',
      'requestRefund',
      'rescheduleLesson',
      'resolveCase',
      'retryPayout',
      'revealSecret',
      'revokeMandate',
      'scheduleLessons',
      'setBillingTerms',
      'setMerchantCategory',
      'setRegionalParameters',
      'setTierLimits',
      'signAmendment',
      'signContract',
      'signUpForCampaign',
      'spendVoucher',
      'sponsorCampaign',
      'startImport',
      'syncOfflinePayments',
      'thawWallet',
      'topUpFromBank',
      'topUpWallet',
      'upgradeWallet',
      'voteOnDispute',
      'withdrawAmendment',
      'withdrawContract',
      'withdrawCourse',
      'withdrawFromCourse',
      'withdrawFromWallet',
      'withdrawNewPrice',
      'withdrawRefund',
      'writeOffBill',
    ]);
    for (const type of Object.values(schema.getTypeMap())) {
      if (!(type instanceof GraphQLInputObjectType)) continue;
      const key = type.getFields().idempotencyKey;
      if (key) expect([type.name, String(key.type)]).toEqual([type.name, 'String!']);
    }
  });

  it('pages lists the same way everywhere', () => {
    for (const type of objectTypes.filter(({ name }) => name.endsWith('Connection'))) {
      const fields = Object.fromEntries(
        Object.values(type.getFields()).map(({ name, type: of }) => [name, String(of)]),
      );
      expect([type.name, fields.pageInfo, fields.totalCount]).toEqual([type.name, 'PageInfo!', 'Int']);
    }
  });

  it('weighs only fields that exist', () => {
    for (const place of Object.keys(FIELD_WEIGHTS)) {
      const [type = '', field = ''] = place.split('.');
      expect([
        place,
        field in ((schema.getType(type) as GraphQLObjectType | undefined)?.getFields() ?? {}),
      ]).toEqual([place, true]);
    }
  });
});
