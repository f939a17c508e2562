import { DEMO_USERS, type DemoUser } from '../demo/demo-directory.js';

const ROLE_NAMES: Readonly<Record<string, string>> = {
  bursar: '学校财务 · Bursar',
  payer: '缴费人 · Payer',
  clerk: '柜员 · Clerk',
  supervisor: '柜台主管 · Supervisor',
  taxofficer: '税务员 · Tax officer',
  bd: '商务拓展 · Business development',
  ops: '运营 · Operations',
  auditor: '审计 · Auditor',
};

const STYLE = `
body{font:16px/1.6 system-ui,"Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;margin:0;background:#f3f6f9;color:#16324a}
main{max-width:44rem;margin:0 auto;padding:2rem 1rem}h1{font-size:1.5rem;margin:0 0 .25rem}p{margin:.25rem 0 1rem;color:#46627a}
.users{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.75rem;margin:1rem 0 2rem}.users form{margin:0}
button{font:inherit;cursor:pointer;border-radius:.6rem;border:1px solid #c5d3df;background:#fff;color:inherit;padding:.7rem 1rem;width:100%;text-align:left}
button:hover,button:focus-visible{border-color:#0b6bcb;box-shadow:0 0 0 3px #0b6bcb33;outline:0}small{display:block;color:#5b7488}
.form{background:#fff;border:1px solid #dbe4ec;border-radius:.8rem;padding:1rem 1.25rem;max-width:22rem}label{display:block;margin:.5rem 0 .15rem}
input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem .6rem;border:1px solid #b5c6d4;border-radius:.5rem}
.form button{margin-top:1rem;text-align:center;background:#0b6bcb;color:#fff;border:0}.warn{color:#a3210f;font-weight:600}`;

function page(title: string, body: string): string {
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`;
}

function oneTap(user: DemoUser): string {
  const role = ROLE_NAMES[user.roles[0] ?? ''] ?? '';
  return `<form method="post"><input type="hidden" name="username" value="${user.username}"><input type="hidden" name="password" value="${user.password}"><button>${role}<small>${user.nameZh} · ${user.username}</small></button></form>`;
}

/** One button per demo user, and a form for who prefers to type. */
export function signInPage({ refused = false } = {}): string {
  const warning = refused
    ? '<p class="warn" role="alert">账号或密码不对，请再试一次。Account or password is wrong, please try again.</p>'
    : '';
  return page(
    '登录 Sluice · Sign in',
    `<h1>登录 · Sign in</h1><p>这是演示环境：点一个身份即可进入。This is a demo: choose who you want to be.</p>${warning}
<div class="users">${DEMO_USERS.map(oneTap).join('')}</div>
<form class="form" method="post"><label for="u">账号 · Account</label><input id="u" name="username" autocomplete="username" required>
<label for="p">密码 · Password</label><input id="p" name="password" type="password" autocomplete="current-password" required><button>登录 · Sign in</button></form>`,
  );
}

/** A sign-in left lying too long, or opened in another browser. */
export function expiredPage(): string {
  return page(
    '登录已过期 · Expired',
    '<h1>登录已过期 · This sign-in has expired</h1><p>请回到原来的页面重新登录。Please go back and sign in again.</p>',
  );
}
