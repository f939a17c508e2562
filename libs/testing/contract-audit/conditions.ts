/** Whether what a rule waits for has come true, a second time and straight from the template's words. */
import type { ContractEvent, UnitRef } from '#libs/contracts/domain/release-contract/messages.js';
import type { ConditionTerms, ParameterValues, Template } from '#libs/contracts/domain/template/types.js';
import { resolved } from './oracle.js';

/** Everything that has been said and shown so far. */
export class Said {
  readonly #evidence = new Set<string>();
  readonly #approvals = new Map<string, Map<string, boolean>>();
  readonly #secrets = new Set<string>();
  #votes = new Map<string, string>();
  #signed = new Set<string>();
  #open = new Set<string>();

  constructor(
    private template: Template,
    private readonly breaches: string[],
  ) {}

  hear(event: ContractEvent): void {
    const say = (what: string) => void this.breaches.push(`I10 #${event.data.seq} ${event.type}: ${what}`);
    switch (event.type) {
      case 'EvidenceAccepted':
        this.#evidence.add(
          unitOf({ ruleId: event.data.statement.rule, dedupeKey: event.data.statement.dedupeKey }),
        );
        break;
      case 'ApprovalRecorded': {
        const { unit, role, decision } = event.data;
        const roles = this.#approvals.get(unitOf(unit)) ?? new Map<string, boolean>();
        this.#approvals.set(unitOf(unit), roles.set(role, decision === 'approve'));
        break;
      }
      case 'SecretRevealed':
        this.#secrets.add(event.data.preimageHash);
        break;
      case 'DisputeOpened':
        this.#votes = new Map();
        break;
      case 'VoteRecorded':
        this.#votes.set(event.data.role, event.data.outcome);
        break;
      case 'DisputeResolved':
        this.#resolved(event.data.how, event.data.outcome, say);
        break;
      case 'AmendmentProposed':
        this.#signed = new Set();
        break;
      case 'AmendmentSigned':
        this.#signed.add(event.data.role);
        break;
      case 'ContractAmended':
        this.#complete(say);
        break;
      case 'FundingReserved':
        this.#open.add(event.data.paymentId);
        break;
      case 'FundingReleased':
        this.#open.delete(event.data.paymentId);
        break;
      case 'FundsDeposited':
        if (event.data.source.kind === 'payment') this.#open.delete(event.data.source.paymentId);
        break;
      case 'ContractClosed':
        if (this.#open.size > 0) say('closed while a payment is under way');
        break;
      default:
    }
  }

  /** Whether the unit may be earned at that moment (epoch ms). Moments that disputes have shifted count as passed. */
  holds(
    when: ConditionTerms,
    params: ParameterValues,
    unit: UnitRef & { readonly atMs: number; readonly claimed: boolean },
  ): boolean {
    if ('all' in when) return when.all.every((part) => this.holds(part, params, unit));
    if ('any' in when) return when.any.some((part) => this.holds(part, params, unit));
    if ('attested' in when) return this.#evidence.has(unitOf(unit));
    if ('claimed' in when) return unit.claimed;
    if ('preimage' in when) return this.#secrets.has(String(resolved(params, when.preimage)));
    if ('at' in when) return unit.atMs >= Date.parse(String(resolved(params, when.at)));
    // How long a duration is, calendars know.
    if ('after' in when) return true;
    const roles = this.#approvals.get(unitOf(unit));
    return when.approved.of.filter((role) => roles?.get(role) === true).length >= when.approved.k;
  }

  #resolved(how: string, outcome: string, say: (what: string) => void): void {
    const { k } = this.template.dispute.resolve;
    const votes = [...this.#votes.values()].filter((one) => one === outcome).length;
    if (how === 'vote' && votes < k) say(`resolved by ${votes} of ${k} votes`);
    if (how === 'timeout' && outcome !== this.template.dispute.default) say(`timed out into ${outcome}`);
  }

  #complete(say: (what: string) => void): void {
    for (const [role, { signs }] of Object.entries(this.template.roles)) {
      if (signs === true && !this.#signed.has(role)) say(`in force without the signature of ${role}`);
    }
  }
}

function unitOf({ ruleId, dedupeKey }: UnitRef): string {
  return JSON.stringify([ruleId, dedupeKey]);
}
