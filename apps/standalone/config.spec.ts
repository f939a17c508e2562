import { describe, expect, it } from '@jest/globals';
import { ConfigRefused, readConfig } from './config.js';

describe('readConfig', () => {
  it('needs nothing', () => {
    expect(readConfig({})).toMatchObject({
      port: 4_000,
      host: undefined,
      production: false,
      demo: true,
      oidcClientId: 'sluice-console',
      allowedOrigins: [],
      eventStoreUrl: undefined,
      bank: { kind: 'sandbox' },
      tenants: ['demo-bank'],
    });
    expect(readConfig({}).dataDir).toMatch(/^\/.*\/data$/);
  });

  it('takes what is said', () => {
    const env = {
      PORT: '0',
      HOST: '0.0.0.0',
      SLUICE_DATA_DIR: '/d',
      SLUICE_DEMO: 'off',
      SLUICE_PUBLIC_URL: 'https://pay.example/',
      SLUICE_ALLOWED_ORIGINS: 'https://a.example, https://b.example',
    };
    expect(readConfig(env)).toMatchObject({
      port: 0,
      host: '0.0.0.0',
      dataDir: '/d',
      demo: false,
      publicUrl: 'https://pay.example',
      allowedOrigins: ['https://a.example', 'https://b.example'],
    });
  });

  it('seeds no demo beside an issuer of one’s own, and none in production', () => {
    expect(readConfig({ SLUICE_OIDC_ISSUER: 'https://id.example' }).demo).toBe(false);
    expect(readConfig({ SLUICE_OIDC_ISSUER: 'https://id.example', NODE_ENV: 'production' })).toMatchObject({
      demo: false,
      production: true,
    });
  });

  it('plays the bank itself, but never in production', () => {
    const production = { NODE_ENV: 'production', SLUICE_OIDC_ISSUER: 'https://id.example' };
    expect(readConfig(production).bank).toEqual({ kind: 'none' });
    expect(readConfig({ SLUICE_BANK_URL: 'off' }).bank).toEqual({ kind: 'none' });
    const partner = { SLUICE_BANK_URL: 'https://bank.example/api/', SLUICE_BANK_TENANTS: 'a, b' };
    expect(readConfig({ ...production, ...partner })).toMatchObject({
      bank: { kind: 'partner', url: 'https://bank.example/api' },
      tenants: ['a', 'b'],
    });
  });

  it.each([
    [{ SLUICE_BANK_URL: 'bank.example' }, 'SLUICE_BANK_URL'],
    [
      {
        NODE_ENV: 'production',
        SLUICE_OIDC_ISSUER: 'https://id.example',
        SLUICE_BANK_URL: 'http://bank.example',
      },
      'SLUICE_BANK_URL',
    ],
    [{ NODE_ENV: 'production' }, 'SLUICE_OIDC_ISSUER'],
    [{ PORT: '70000' }, 'PORT'],
    [{ PORT: '4e3' }, 'PORT'],
    [{ PORT: 'http' }, 'PORT'],
    [{ SLUICE_MAX_IN_FLIGHT: '-1' }, 'SLUICE_MAX_IN_FLIGHT'],
  ])('refuses %j and names the setting', (env, name) => {
    expect(() => readConfig(env)).toThrow(ConfigRefused);
    expect(() => readConfig(env)).toThrow(name);
  });
});
