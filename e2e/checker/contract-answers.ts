import { recordOf } from './contract-terms.js';
import { type ExportedEvent, idIn, type JsonRecord, nameOf, recordsOf, textOf } from './export.js';
import type { Verdict } from './verdict.js';

/** What release contracts have been at any moment, and what has happened to them, for comparing it with what was answered. */
export class ContractAnswers {
  /** `contract status funded released refunded held` */
  readonly #shown = new Set<string>();
  /** `contract fact`; a fact of evidence also without its contract. */
  readonly #facts = new Set<string>();

  observe(event: ExportedEvent): void {
    const id = idIn('contract', event.stream);
    if (id === undefined) return;
    const { data } = event;
    const { funded, released, refunded, held } = recordOf(data['totals']);
    // AWAITING_FUNDING is what the schema calls awaitingFunding.
    const status = textOf(data['status']).replace(/[A-Z]/g, '_$&').toUpperCase();
    this.#shown.add([id, status, funded, released, refunded, held].map(textOf).join(' '));
    for (const fact of factsOf(event)) {
      this.#facts.add(`${id} ${fact.join(' ')}`);
      if (fact[0] === 'EvidenceAccepted') this.#facts.add(` ${fact.join(' ')}`);
    }
  }

  /**
   * `{"kind":"contract","contractId","status","funded","released","refunded","held","fact":["ContractSigned","payer"]}`: the contract
   * was so once, and the fact is in its log. Without figures the fact alone; without a contract evidence by its signature.
   */
  check(answer: JsonRecord, verdict: Verdict): void {
    const { contractId, status, funded, released, refunded, held, fact } = answer;
    if (status !== undefined) {
      const shown = [contractId, status, funded, released, refunded, held].map(textOf).join(' ');
      verdict.expect(
        this.#shown.has(shown),
        () => `contract ${shown} was answered; the log has never said so`,
      );
    }
    if (!Array.isArray(fact)) return;
    const said = `${textOf(contractId)} ${fact.map(textOf).join(' ')}`;
    verdict.expect(this.#facts.has(said), () => `contract ${said} was answered; the log has no such thing`);
  }
}

function factsOf({ type, data }: ExportedEvent): readonly (readonly string[])[] {
  const name = nameOf(type);
  const text = (member: string): string => textOf(data[member]);
  const by = textOf(recordOf(data['by'])['role']);
  switch (name) {
    case 'ContractSigned':
      return [[name, text('role')]];
    case 'EvidenceAccepted':
      return recordsOf(data['signatures']).map(({ sig }) => [name, textOf(sig)]);
    case 'AccrualConfirmed':
      return [[name, text('ruleId'), text('dedupeKey')]];
    case 'DisputeOpened': {
      const subject = recordOf(data['subject']);
      return [[name, text('role'), textOf(subject['ruleId']), textOf(subject['dedupeKey'])]];
    }
    case 'VoteRecorded':
      return [[name, text('disputeId'), text('role'), text('outcome')]];
    case 'ApprovalRecorded':
      return [[name, text('role'), textOf(recordOf(data['unit'])['ruleId'])]];
    case 'EntitlementAccrued':
      return [[name, text('ruleId')]];
    case 'AmendmentProposed':
      return [[name, text('reason')]];
    case 'AmendmentSigned':
      return [[name, text('amendmentId'), text('role') || by]];
    default:
      return [[name]];
  }
}
