'use strict';
// Compiles libs/, apps/, e2e/ and infra/quality/ to dist/, which mirrors the tree. Only files that
// changed are compiled again, so that every command may call this and pay a few milliseconds.
// Types are not checked here: `npm run check` does that.
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { withLock } = require('./lock.cjs');

const ROOT = path.resolve(__dirname, '../..');
const FOLDERS = ['libs', 'apps', 'e2e', 'infra/quality'];
const SKIPPED = new Set(['node_modules', 'dist', 'apps/console', 'e2e/architecture/fixtures']);
const ASSET = /\.(json|graphql|sql|html|css|js|mjs|cjs|txt|csv|ttf|otf|pem|svg|png|ico|ya?ml)$/;
const CONCURRENCY = 16;

function sourcesUnder(folder, found) {
  for (const entry of fs.readdirSync(path.join(ROOT, folder), { withFileTypes: true })) {
    const relative = `${folder}/${entry.name}`;
    if (SKIPPED.has(entry.name) || SKIPPED.has(relative)) continue;
    if (entry.isDirectory()) sourcesUnder(relative, found);
    else if (isBuilt(entry.name)) found.push(relative);
  }
  return found;
}

function isBuilt(name) {
  if (/\.(spec|d)\.[cm]?ts$/.test(name)) return false;
  return name.endsWith('.ts') || ASSET.test(name);
}

// Settings and this builder itself decide the output too: when they change, everything is built again.
function settingsHash() {
  const hash = crypto.createHash('sha256');
  for (const file of ['.swcrc', 'infra/toolchain/build.cjs'])
    hash.update(fs.readFileSync(path.join(ROOT, file)));
  return hash.digest('hex');
}

const manifestFile = (dist) => path.join(dist, '.build.json');

function readManifest(dist, settings) {
  try {
    const manifest = JSON.parse(fs.readFileSync(manifestFile(dist), 'utf8'));
    if (manifest.settings === settings) return manifest.files;
  } catch {
    // first build
  }
  return {};
}

function stampOf(relative) {
  const stat = fs.statSync(path.join(ROOT, relative), { throwIfNoEntry: false });
  return stat && `${stat.mtimeMs}:${stat.size}`;
}

// A running process may load a file at any moment: it must see the old or the new one, never half.
function replaceFile(target, text) {
  const aside = `${target}.${process.pid}.tmp`;
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(aside, text);
  fs.renameSync(aside, target);
}

async function compile(swc, dist, relative) {
  if (!relative.endsWith('.ts')) {
    replaceFile(path.join(dist, relative), fs.readFileSync(path.join(ROOT, relative)));
    return;
  }
  const source = path.join(ROOT, relative);
  const target = outputOf(dist, relative);
  const { code, map } = await swc.transformFile(source, {
    cwd: ROOT,
    configFile: path.join(ROOT, '.swcrc'),
    sourceFileName: path.relative(path.dirname(target), source),
    sourceMaps: true,
  });
  replaceFile(`${target}.map`, map);
  replaceFile(target, `${code}\n//# sourceMappingURL=${path.basename(target)}.map\n`);
}

const outputOf = (dist, relative) => path.join(dist, relative.replace(/\.ts$/, '.js'));

function removeOutput(dist, relative) {
  const target = outputOf(dist, relative);
  fs.rmSync(target, { force: true });
  fs.rmSync(`${target}.map`, { force: true });
}

async function compileAll(dist, changed, files) {
  const swc = require('@swc/core');
  const failures = [];
  const queue = [...changed];
  const worker = async () => {
    for (let relative = queue.shift(); relative !== undefined; relative = queue.shift()) {
      const stamp = stampOf(relative); // taken first: an edit during the compile is seen at the next build
      if (stamp === undefined) continue;
      try {
        await compile(swc, dist, relative);
        files[relative] = stamp;
      } catch (error) {
        delete files[relative];
        removeOutput(dist, relative); // stale output would run silently in the place of broken source
        failures.push(`${relative}: ${error.message}`);
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return failures;
}

async function buildLocked(dist) {
  const settings = settingsHash();
  const files = readManifest(dist, settings);
  const sources = FOLDERS.filter((folder) => fs.existsSync(path.join(ROOT, folder))).flatMap((folder) =>
    sourcesUnder(folder, []),
  );
  const present = new Set(sources);
  const gone = Object.keys(files).filter((file) => !present.has(file));
  const changed = sources.filter(
    (file) => files[file] !== stampOf(file) || !fs.existsSync(outputOf(dist, file)),
  );
  if (gone.length === 0 && changed.length === 0) return { compiled: 0, removed: 0, failures: [] };
  for (const file of gone) {
    removeOutput(dist, file);
    delete files[file];
  }
  const failures = await compileAll(dist, changed, files);
  replaceFile(manifestFile(dist), JSON.stringify({ settings, files }));
  return { compiled: changed.length - failures.length, removed: gone.length, failures };
}

/** Brings dist/ up to date. Rejects when a file does not compile; the other files are built all the same. */
async function build() {
  const dist = path.join(ROOT, 'dist');
  const result = await withLock(path.join(ROOT, 'infra/toolchain/.state/build.lock'), () =>
    buildLocked(dist),
  );
  if (result.failures.length > 0) throw new Error(`build failed\n${result.failures.join('\n')}`);
  return result;
}

module.exports = { build };

if (require.main === module) {
  const startedAt = Date.now();
  build().then(
    ({ compiled, removed }) =>
      process.stderr.write(`built ${compiled}, removed ${removed}, ${Date.now() - startedAt} ms\n`),
    (error) => {
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    },
  );
}
