/** The operation that every lane of `contracts` answers: what a lesson terminal asks for. */
export const ATTEST_DOCUMENT = /* GraphQL */ `
  mutation Attest($input: AttestContractInput!) {
    attestContract(input: $input) {
      __typename
      ... on ReleaseContract {
        id
        status
        released {
          amount
          currency
        }
        held {
          amount
          currency
        }
        openUnits {
          dedupeKey
          status
          payableAt
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
export const RELEASE_ANSWER = {
  __typename: 'ReleaseContract',
  id: 'cmMwYTFiMmMzZC00ZTVmLTVhNmItOGM3ZC05ZTBmMWEyYjNjNGQ',
  status: 'ACTIVE',
  released: { amount: '1400.00', currency: 'CNY' },
  held: { amount: '1100.00', currency: 'CNY' },
  openUnits: [],
} as const;
