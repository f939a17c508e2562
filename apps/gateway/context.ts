import { badInput, localId, protocolError } from '#libs/graphql/index.js';
import type { OrganisationId } from '#libs/kernel/ids/index.js';
import type { OrganisationView } from '#libs/onboarding/contract/index.js';
import type { Caller, RequestContext } from '#libs/security/port/index.js';
import type { Language } from './i18n/index.js';

/** What every resolver gets of the request. */
export class GatewayContext {
  /** An organisation is named by many bills of a page: one question each. */
  readonly organisations = new Map<OrganisationId, Promise<OrganisationView | undefined>>();

  constructor(
    readonly traceId: string,
    readonly language: Language,
    readonly caller: Caller | undefined,
    /** Whether the address asked from has a turn left for what needs no signing in. */
    private readonly hasPublicTurn: () => boolean = () => true,
  ) {}

  /**
   * First thing in every resolver of a public field. Whoever has signed in has a name and needs no turn.
   *
   * @throws GraphQLError `TOO_MANY_REQUESTS`
   */
  takePublicTurn(): void {
    if (!this.caller && !this.hasPublicTurn())
      throw protocolError('TOO_MANY_REQUESTS', 'Too many questions; ask again shortly.');
  }

  /** First argument of every command and query. @throws GraphQLError `UNAUTHENTICATED` */
  get request(): RequestContext {
    if (!this.caller) throw unauthenticated();
    return { caller: this.caller, correlationId: this.traceId };
  }

  /** The organisation named by a global id, or else the caller's own. @throws GraphQLError `ORGANISATION_REQUIRED`, `INVALID_ID` */
  organisation(id: string | null | undefined): OrganisationId {
    if (id !== null && id !== undefined)
      return localId<'organisation'>('Organisation', id, ['organisationId']);
    const own = this.request.caller.organisation;
    if (!own)
      throw badInput('ORGANISATION_REQUIRED', 'Name the organisation: your account belongs to none.', [
        'organisationId',
      ]);
    return own;
  }
}

export function unauthenticated(
  message = 'Sign in and send the access token as "Authorization: Bearer …".',
): Error {
  return protocolError('UNAUTHENTICATED', message);
}
