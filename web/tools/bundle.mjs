// Bundles the app with the distribution's esbuild into dist/: content-hashed names, index.html, .gz neighbours.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
// Built beside the live folder and renamed over it at the end: a server that is running never serves half a build.
const out = join(root, "dist.part");
const dist = join(root, "dist");
const entryLimit = 150 * 1024;

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "assets"), { recursive: true });

const meta = join(out, "meta.json");
const bundle = (entry, ...options) =>
  execFileSync("esbuild", [
    entry,
    "--bundle",
    "--minify",
    "--sourcemap=linked",
    "--target=es2021",
    "--tsconfig=tsconfig.bundle.json",
    '--define:process.env.NODE_ENV="production"',
    "--entry-names=[name]-[hash]",
    "--legal-comments=none",
    `--metafile=${meta}`,
    `--outdir=${join(out, "assets")}`,
    "--log-level=warning",
    ...options,
  ], { cwd: root, stdio: "inherit" });
const outputs = () => {
  const found = JSON.parse(readFileSync(meta, "utf8")).outputs;
  rmSync(meta);
  return Object.fromEntries(Object.entries(found).map(([path, each]) => [path.split("/").pop(), each]));
};

// Runs before the first paint, so it waits for nothing; the app is cut where its screens are fetched when they are wanted.
bundle("src/app/boot.ts", "--format=iife");
const boot = Object.keys(outputs()).find((name) => name.endsWith(".js"));
bundle(
  "src/app/main.tsx",
  "--format=esm",
  "--splitting",
  "--chunk-names=[name]-[hash]",
  "--asset-names=[name]-[hash]",
  "--loader:.woff2=file",
  "--loader:.svg=file",
  "--public-path=/assets",
);
const made = outputs();
const find = (pattern) => {
  const name = Object.keys(made).find((candidate) => pattern.test(candidate));
  if (!name) throw new Error(`nothing bundled matches ${pattern}`);
  return name;
};
const app = find(/^main-.*\.js$/);
const style = find(/^main-.*\.css$/);
// What the app cannot start without: fetched beside it, not after it.
const needs = (name) =>
  made[name].imports.filter(({ kind }) => kind === "import-statement").map(({ path }) => path.split("/").pop());
const shared = new Set(needs(app));
for (const name of shared) for (const each of needs(name)) shared.add(each);
const hashed = (source) => {
  const bytes = readFileSync(join(root, source));
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8).toUpperCase();
  const [stem, extension] = source.split("/").pop().split(/\.(?=[^.]+$)/);
  writeFileSync(join(out, "assets", `${stem}-${hash}.${extension}`), bytes);
  return `/assets/${stem}-${hash}.${extension}`;
};

const preloads = [...shared].map((name) => `<link rel="modulepreload" href="/assets/${name}">`).join("\n");
const html = readFileSync(join(root, "index.html"), "utf8")
  .replace("%BOOT%", `/assets/${boot}`)
  .replace("%APP%", `/assets/${app}`)
  .replace("%SHARED%", preloads)
  .replace("%STYLE%", `/assets/${style}`)
  .replace("%FONT%", `/assets/${find(/^inter-.*\.woff2$/)}`)
  .replace("%ICON%", hashed("assets/favicon.svg"));
writeFileSync(join(out, "index.html"), html);

const compressible = /\.(js|css|html|svg|json|map)$/;
const first = new Set([boot, app, style, ...shared]);
let entry = 0;
for (const folder of ["", "assets"]) {
  for (const name of readdirSync(join(out, folder))) {
    const path = join(out, folder, name);
    if (!statSync(path).isFile() || !compressible.test(name)) continue;
    const packed = gzipSync(readFileSync(path), { level: 9 });
    writeFileSync(`${path}.gz`, packed);
    if (first.has(name)) entry += packed.length;
  }
}
rmSync(dist, { recursive: true, force: true });
renameSync(out, dist);

console.log(`web/dist: ${(entry / 1024).toFixed(1)} KB of scripts and styles at first, compressed`);
if (entry > entryLimit) {
  console.error(`the first load is over its ${entryLimit / 1024} KB`);
  process.exit(1);
}
