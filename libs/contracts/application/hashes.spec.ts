import { describe, expect, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import type { Party } from '../domain/release-contract/messages.js';
import { type ContractDocument, documentHashOf, partySignatureBytes } from './hashes.js';

const party: Party = { role: 'payer', partyId: 'payer-1', kind: 'account', payTo: null };
const document: ContractDocument = {
  contractId: asId<'contract'>('0198c0de-0000-7000-8000-000000000001'),
  templateHash: 'a'.repeat(64),
  params: { total: '1000', lessons: '3' },
  parties: [party],
};

describe('what parties sign', () => {
  it('is the same whatever the order of members, and whatever else an object carries', () => {
    const { parties, params, templateHash, contractId } = document;
    const shuffled = { params: { lessons: '3', total: '1000' }, templateHash, contractId, extra: undefined };
    const fuller = parties.map((one) => ({ ...one, name: undefined }));
    expect(documentHashOf({ ...shuffled, parties: fuller })).toBe(
      documentHashOf({ parties, params, templateHash, contractId }),
    );
  });

  it('is another for every other contract, amendment, template, parameter and party', () => {
    const documents: readonly ContractDocument[] = [
      document,
      { ...document, contractId: asId<'contract'>('0198c0de-0000-7000-8000-000000000002') },
      { ...document, amendmentId: 'amendment-1' },
      { ...document, amendmentId: 'amendment-2' },
      { ...document, templateHash: 'b'.repeat(64) },
      { ...document, params: { total: '1001', lessons: '3' } },
      { ...document, parties: [{ ...party, partyId: 'payer-2' }] },
      { ...document, parties: [{ ...party, payTo: 'wallet:1' }] },
      { ...document, parties: [{ ...party, kind: 'organisation' }] },
      { ...document, parties: [] },
    ];
    expect(new Set(documents.map(documentHashOf)).size).toBe(documents.length);
  });

  it('is signed by one role of one contract', () => {
    const { contractId } = document;
    expect(Buffer.from(partySignatureBytes({ role: 'payer', docHash: 'a', contractId })).toString()).toBe(
      `{"contractId":"${contractId}","docHash":"a","role":"payer"}`,
    );
  });
});
