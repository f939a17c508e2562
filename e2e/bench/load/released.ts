interface Answer {
  readonly errors?: unknown;
  readonly data?: { readonly attestContract?: Contract };
}

interface Contract {
  readonly __typename?: string;
  readonly id?: string;
  readonly status?: string;
  readonly released?: { readonly amount?: string };
}

/**
 * The contract's id and all that it has released so far, if the answer says that it is in force and has released something: each piece
 * of evidence releases a part, so that no two answers are alike.
 */
export function releaseIn(body: string): string | undefined {
  const contract = readContract(body);
  if (contract?.status !== 'ACTIVE' || !contract.id) return undefined;
  const released = contract.released?.amount ?? '';
  return Number.parseFloat(released) > 0 ? `${contract.id} ${released}` : undefined;
}

function readContract(body: string): Contract | undefined {
  try {
    const { errors, data } = JSON.parse(body) as Answer;
    const contract = data?.attestContract;
    return errors === undefined && contract?.__typename === 'ReleaseContract' ? contract : undefined;
  } catch {
    return undefined;
  }
}
