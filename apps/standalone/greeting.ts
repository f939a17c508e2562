import { DEMO_USERS } from '#libs/security/adapters/demo/demo-directory.js';

/** What a person who has just started the program needs to know. */
export interface ApplicationFacts {
  readonly url: string;
  readonly dataDir: string;
  readonly demoLogins: boolean;
  /** A student whose bills are open, when the demo has just been seeded. */
  readonly openStudent?: { readonly studentNo: string; readonly name: string };
}

export function greeting({ url, dataDir, demoLogins, openStudent }: ApplicationFacts): string {
  const lines = [
    '',
    `  Sluice 已就绪 · ready    ${url}`,
    `  GraphQL                  ${url}/graphql`,
    `  数据 · data              ${dataDir}`,
  ];
  if (demoLogins) {
    lines.push('', '  演示账号 · demo logins   (账号 account / 密码 password)');
    for (const { username, password, nameZh, nameEn } of DEMO_USERS)
      lines.push(`    ${username.padEnd(11)} ${password.padEnd(16)} ${nameZh} ${nameEn}`);
  }
  if (openStudent) lines.push('', `  可试缴 · bills to pay for ${openStudent.studentNo} ${openStudent.name}`);
  const next = demoLogins
    ? [
        '  下一步：打开上面的 GraphQL 地址，以 bursar 登录，点“运行”。',
        '  Next: open the GraphQL address above, sign in as bursar, press Run.',
      ]
    : ['  下一步：在浏览器中打开上面的地址。', '  Next: open the address above in a browser.'];
  return [...lines, '', ...next, '  停止 · stop: Ctrl-C', '', ''].join('\n');
}

/** A failure to start, so that a person knows what to do; the stack only for what nobody foresaw. */
export function explainFailure(fault: unknown): string {
  const code = (fault as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'EADDRINUSE')
    return '端口已被占用；用 PORT=4100 npm start 换一个。\nThe port is taken; choose another with PORT=4100 npm start.';
  if (code === 'EACCES' || code === 'EROFS')
    return `没有写入权限。No permission to write: ${String((fault as NodeJS.ErrnoException).path ?? '')}`;
  if (fault instanceof Error && fault.name === 'LogFileUnusable')
    return `${fault.message}\n数据目录正被另一个进程使用，或文件已损坏。The data folder is in use by another process, or damaged.`;
  return fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
}
