import type { Route } from '#apps/gateway/http/front-door.js';
import type { ServiceFacts } from '#apps/gateway/pages/pages.js';
import { DEMO_USERS } from '#libs/security/adapters/demo/demo-directory.js';
import { embeddedIssuer } from '#libs/security/adapters/issuer/embedded-issuer.js';
import { obtainIssuerKeys, trustIn } from '#libs/security/adapters/issuer/keys.js';
import { externalIssuer } from '#libs/security/adapters/tokens/external-issuer.js';
import type { TrustedIssuer } from '#libs/security/adapters/tokens/verifier.js';
import type { Config } from './config.js';

const MOUNT_PATH = '/oidc';

export interface ChosenIssuer {
  readonly url: string;
  readonly trusted: TrustedIssuer;
  readonly routes: readonly Route[];
  readonly demoUsers: ServiceFacts['demoUsers'];
}

/** The operator's own issuer, or the embedded one with its demo users. @throws IssuerUnavailable */
export async function chooseIssuer(config: Config, publicUrl: string): Promise<ChosenIssuer> {
  if (config.oidcIssuer) {
    return {
      url: config.oidcIssuer,
      trusted: await externalIssuer(config.oidcIssuer),
      routes: [],
      demoUsers: [],
    };
  }
  const url = `${publicUrl}${MOUNT_PATH}`;
  const keys = await obtainIssuerKeys(config.dataDir, url);
  const handle = embeddedIssuer({
    issuer: url,
    keys,
    mountPath: MOUNT_PATH,
    redirectOrigins: [...config.allowedOrigins, ...ownOrigin(config)],
  });
  return { url, trusted: trustIn(keys), routes: [{ prefix: MOUNT_PATH, handle }], demoUsers: DEMO_USERS };
}

function ownOrigin({ publicUrl }: Config): readonly string[] {
  return publicUrl ? [new URL(publicUrl).origin] : [];
}
