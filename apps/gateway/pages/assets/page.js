// Sign-in by authorization code with PKCE, and one textarea for operations. The token lives in this tab only.
const byId = (id) => document.getElementById(id);
const store = window.sessionStorage;

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
const redirectUri = () => `${location.origin}/signed-in`;

async function discover(issuer) {
  // The embedded issuer is this server, under whatever name the browser knows it.
  const base = new URL(issuer).pathname === '/oidc' ? `${location.origin}/oidc` : issuer;
  const response = await fetch(`${base}/.well-known/openid-configuration`);
  return response.json();
}

async function signIn({ issuer, client }) {
  const verifier = random();
  const state = random();
  const challenge = base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)));
  const { authorization_endpoint: authorise, token_endpoint: token } = await discover(issuer);
  store.setItem('signing-in', JSON.stringify({ verifier, state, client, token }));
  const query = new URLSearchParams({
    client_id: client,
    response_type: 'code',
    scope: 'openid',
    redirect_uri: redirectUri(),
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state,
  });
  location.assign(`${authorise}?${query}`);
}

async function finishSignIn() {
  const begun = JSON.parse(store.getItem('signing-in') ?? 'null');
  store.removeItem('signing-in');
  const answer = new URLSearchParams(location.search);
  if (!begun || answer.get('state') !== begun.state || !answer.has('code')) {
    byId('problem').textContent = answer.get('error_description') ?? '登录没有完成 · Signing in did not work';
    return;
  }
  const response = await fetch(begun.token, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: begun.client,
      code: answer.get('code'),
      redirect_uri: redirectUri(),
      code_verifier: begun.verifier,
    }),
  });
  const tokens = await response.json();
  if (!tokens.access_token) {
    byId('problem').textContent = tokens.error_description ?? tokens.error;
    return;
  }
  store.setItem('token', tokens.access_token);
  location.replace('/graphql');
}

async function send(query, variables) {
  const token = store.getItem('token');
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ query, variables }),
  });
  if (response.status === 401) store.removeItem('token');
  return response.json();
}

async function run() {
  try {
    byId('result').textContent = JSON.stringify(
      await send(byId('query').value, JSON.parse(byId('variables').value || '{}')),
      null,
      2,
    );
  } catch (problem) {
    byId('result').textContent = String(problem);
  }
}

async function showWho() {
  const signedIn = store.getItem('token') !== null;
  byId('sign-in').hidden = signedIn;
  byId('sign-out').hidden = !signedIn;
  byId('who').textContent = '';
  if (!signedIn) return;
  const { data } = await send('{ me { accountId } }');
  byId('who').textContent = data?.me.accountId ?? '';
}

if (byId('signing-in')) void finishSignIn();
if (byId('run')) {
  byId('sign-in').addEventListener('click', ({ target }) => void signIn(target.dataset));
  byId('sign-out').addEventListener('click', () => {
    store.removeItem('token');
    void showWho();
  });
  byId('run').addEventListener('click', () => void run());
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void run();
  });
  void showWho();
}
