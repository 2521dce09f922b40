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
execFileSync("esbuild", [
  "src/app/main.tsx",
  "src/app/boot.ts",
  "--bundle",
  "--minify",
  "--sourcemap=linked",
  "--format=iife",
  "--target=es2021",
  "--tsconfig=tsconfig.bundle.json",
  '--define:process.env.NODE_ENV="production"',
  "--loader:.woff2=file",
  "--loader:.svg=file",
  "--entry-names=[name]-[hash]",
  "--asset-names=[name]-[hash]",
  "--public-path=/assets",
  "--legal-comments=none",
  `--metafile=${meta}`,
  `--outdir=${join(out, "assets")}`,
  "--log-level=warning",
], { cwd: root, stdio: "inherit" });

const { outputs } = JSON.parse(readFileSync(meta, "utf8"));
rmSync(meta);
const names = Object.keys(outputs).map((path) => path.split("/").pop());
const find = (pattern) => {
  const name = names.find((candidate) => pattern.test(candidate));
  if (!name) throw new Error(`nothing bundled matches ${pattern}`);
  return `/assets/${name}`;
};
const hashed = (source) => {
  const bytes = readFileSync(join(root, source));
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8).toUpperCase();
  const [stem, extension] = source.split("/").pop().split(/\.(?=[^.]+$)/);
  writeFileSync(join(out, "assets", `${stem}-${hash}.${extension}`), bytes);
  return `/assets/${stem}-${hash}.${extension}`;
};

const html = readFileSync(join(root, "index.html"), "utf8")
  .replace("%BOOT%", find(/^boot-.*\.js$/))
  .replace("%APP%", find(/^main-.*\.js$/))
  .replace("%STYLE%", find(/^main-.*\.css$/))
  .replace("%FONT%", find(/^inter-.*\.woff2$/))
  .replace("%ICON%", hashed("assets/favicon.svg"));
writeFileSync(join(out, "index.html"), html);

const compressible = /\.(js|css|html|svg|json|map)$/;
let entry = 0;
for (const folder of ["", "assets"]) {
  for (const name of readdirSync(join(out, folder))) {
    const path = join(out, folder, name);
    if (!statSync(path).isFile() || !compressible.test(name)) continue;
    const packed = gzipSync(readFileSync(path), { level: 9 });
    writeFileSync(`${path}.gz`, packed);
    if (/^(main|boot)-.*\.(js|css)$/.test(name)) entry += packed.length;
  }
}
rmSync(dist, { recursive: true, force: true });
renameSync(out, dist);

console.log(`web/dist: ${(entry / 1024).toFixed(1)} KB of scripts and styles, compressed`);
if (entry > entryLimit) {
  console.error(`the first load is over its ${entryLimit / 1024} KB`);
  process.exit(1);
}
