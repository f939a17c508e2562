interface Answer {
  readonly errors?: unknown;
  readonly data?: {
    readonly payBills?: {
      readonly __typename?: string;
      readonly status?: string;
      readonly receipts?: readonly { readonly number?: string }[];
    };
  };
}

const RECEIPT_NUMBER = /^\d{4}-\d{8}$/;

/** Whether the answer says that the payment was captured and has receipts with numbers. */
export function isPaid(body: string): boolean {
  let answer: Answer;
  try {
    answer = JSON.parse(body) as Answer;
  } catch {
    return false;
  }
  const payment = answer.data?.payBills;
  if (answer.errors !== undefined || payment?.__typename !== 'Payment' || payment.status !== 'CAPTURED')
    return false;
  const { receipts = [] } = payment;
  return receipts.length > 0 && receipts.every(({ number }) => RECEIPT_NUMBER.test(number ?? ''));
}
