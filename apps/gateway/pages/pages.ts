import type { Language } from '../i18n/index.js';
import { escape, page } from './page.js';

/** What the pages say about the running service. */
export interface ServiceFacts {
  readonly production: boolean;
  /** Where people sign in; the embedded issuer or the operator's own. */
  readonly issuer: string;
  readonly clientId: string;
  /** Empty unless the embedded issuer runs. */
  readonly demoUsers: readonly {
    readonly username: string;
    readonly password: string;
    readonly nameZh: string;
    readonly nameEn: string;
  }[];
}

const TEXT = {
  'zh-CN': {
    title: 'Sluice 服务正在运行',
    promise: '一个开放的缴费与结算平台：每一分钱都有来历，随时可查。',
    start: '从这里开始',
    query: '打开查询页面',
    live: '存活检查',
    ready: '就绪检查',
    metrics: '运行指标',
    users: '演示账号',
    account: '账号',
    password: '密码',
    who: '身份',
    token: '命令行取得令牌：',
    queryTitle: '查询',
    signIn: '登录',
    signOut: '退出',
    run: '运行 (Ctrl+Enter)',
    variables: '变量 (JSON)',
    query_label: '操作',
    result: '结果',
    back: '返回首页',
    signing: '正在登录……',
  },
  'en-US': {
    title: 'Sluice is running',
    promise: 'An open platform for payments and settlement: every yuan can be traced.',
    start: 'Start here',
    query: 'Open the query page',
    live: 'Liveness',
    ready: 'Readiness',
    metrics: 'Metrics',
    users: 'Demo accounts',
    account: 'Account',
    password: 'Password',
    who: 'Who',
    token: 'A token on the command line: ',
    queryTitle: 'Query',
    signIn: 'Sign in',
    signOut: 'Sign out',
    run: 'Run (Ctrl+Enter)',
    variables: 'Variables (JSON)',
    query_label: 'Operation',
    result: 'Result',
    back: 'Back',
    signing: 'Signing in …',
  },
} as const satisfies Record<Language, Record<string, string>>;

export function landingPage(facts: ServiceFacts, language: Language): string {
  const text = TEXT[language];
  const rows = facts.demoUsers.map(
    (user) =>
      `<tr><td>${escape(language === 'zh-CN' ? user.nameZh : user.nameEn)}</td><td><code>${escape(user.username)}</code></td><td><code>${escape(user.password)}</code></td></tr>`,
  );
  const users =
    rows.length > 0
      ? `<h2>${text.users}</h2><table><thead><tr><th>${text.who}</th><th>${text.account}</th><th>${text.password}</th></tr></thead><tbody>${rows.join('')}</tbody></table><p>${text.token}<code>npm run -s demo:token -- bursar</code></p>`
      : '';
  return page(
    language,
    text.title,
    `<h1>${text.title}</h1><p>${text.promise}</p><h2>${text.start}</h2><p><a class="button" href="/graphql">${text.query}</a></p>${users}
<p class="quiet"><a href="/health/live">${text.live}</a> · <a href="/health/ready">${text.ready}</a> · <a href="/metrics">${text.metrics}</a></p>`,
  );
}

const EXAMPLE = `query {
  me { accountId roles organisation { name } }
}`;

export function queryPage(facts: ServiceFacts, language: Language): string {
  const text = TEXT[language];
  return page(
    language,
    `Sluice · ${text.queryTitle}`,
    `<h1>GraphQL</h1><p><button id="sign-in" data-issuer="${escape(facts.issuer)}" data-client="${escape(facts.clientId)}">${text.signIn}</button> <button id="sign-out" hidden>${text.signOut}</button> <span id="who"></span> <a href="/">${text.back}</a></p>
<label for="query">${text.query_label}</label><textarea id="query" rows="12" spellcheck="false">${escape(EXAMPLE)}</textarea>
<label for="variables">${text.variables}</label><textarea id="variables" rows="4" spellcheck="false">{}</textarea>
<p><button id="run" class="button">${text.run}</button></p><label for="result">${text.result}</label><pre id="result" aria-live="polite"></pre>`,
  );
}

export function signedInPage(language: Language): string {
  const text = TEXT[language];
  return page(
    language,
    text.signing,
    `<h1 id="signing-in">${text.signing}</h1><p id="problem" role="alert"></p><p><a href="/graphql">${text.back}</a></p>`,
  );
}
