/** A question asked before its answer is wanted: when nobody comes for it any more, its failure is nobody's business. */
export function askedAhead<Answer>(answer: Promise<Answer>): Promise<Answer> {
  answer.catch(() => undefined);
  return answer;
}
