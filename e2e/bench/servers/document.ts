/** The operation that every lane of `pay` answers: what a payer's page asks for. */
export const PAY_DOCUMENT = /* GraphQL */ `
  mutation Pay($input: PayBillsInput!) {
    payBills(input: $input) {
      __typename
      ... on Payment {
        id
        status
        total {
          amount
          currency
        }
        capturedAt
        bills {
          billId
          amount {
            amount
          }
        }
        receipts {
          id
          number
          issuedAt
          verificationCode
          total {
            amount
          }
        }
      }
      ... on Rejection {
        code
        message
      }
    }
  }
`;

/** What a lane without any work answers: of the same shape and size as the product's answer. */
export const PAYMENT_ANSWER = {
  __typename: 'Payment',
  id: 'cDowYTFiMmMzZC00ZTVmLTVhNmItOGM3ZC05ZTBmMWEyYjNjNGQ',
  status: 'CAPTURED',
  total: { amount: '1409.50', currency: 'CNY' },
  capturedAt: '2026-09-01T08:00:00.000Z',
  bills: [{ billId: 'YjowYTFiMmMzZC00ZTVmLTVhNmItOGM3ZC05ZTBmMWEyYjNjNGQ', amount: { amount: '1409.50' } }],
  receipts: [
    {
      id: 'cjowYTFiMmMzZC00ZTVmLTVhNmItOGM3ZC05ZTBmMWEyYjNjNGQ',
      number: '2026-00000042',
      issuedAt: '2026-09-01T08:00:00.000Z',
      verificationCode: '7KQ2M4XD9PZ0',
      total: { amount: '1409.50' },
    },
  ],
} as const;
