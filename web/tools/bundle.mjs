// Bundles the app with the distribution's esbuild into dist/: content-hashed names, index.html, .gz neighbours; a bundle for each
// file under src/bundles and for each language. Fails when what a space needs is over its budget.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { merge } from "./merge.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
// Built beside the live folder and renamed over it at the end: a server that is running never serves half a build.
const out = join(root, "dist.part");
const dist = join(root, "dist");

/** Compressed: the frame, one language and the space where one begins. */
const firstBudget = 120 * 1024;
/** Compressed: what each further space adds. */
const spaceBudget = 60 * 1024;
const firstSpace = "home";
/** Bytes of the site snippet, not compressed. */
const snippetBudget = 2048;

rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "assets"), { recursive: true });

const meta = join(out, "meta.json");
const bundle = (entry, ...options) =>
  execFileSync("esbuild", [
    entry,
    "--entry-names=[name]-[hash]",
    `--outdir=${join(out, "assets")}`,
    "--bundle",
    "--minify",
    "--sourcemap=linked",
    "--target=es2021",
    "--tsconfig=tsconfig.bundle.json",
    '--define:process.env.NODE_ENV="production"',
    "--legal-comments=none",
    `--metafile=${meta}`,
    "--log-level=warning",
    ...options,
  ], { cwd: root, stdio: "inherit" });
/** What the source files of the app import. */
let sources = {};
const outputs = () => {
  const { inputs, outputs: found } = JSON.parse(readFileSync(meta, "utf8"));
  if (inputs["src/app/main.tsx"]) sources = inputs;
  rmSync(meta);
  return Object.fromEntries(Object.entries(found).map(([path, each]) => [path.split("/").pop(), each]));
};

// Runs before the first paint, so it waits for nothing; the app is cut where its pages are fetched when they are wanted.
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
// The frame's styles apart: with main.tsx esbuild joins those of every page that may ever be fetched.
for (const name of Object.keys(made)) if (/^main-.*\.css/.test(name)) rmSync(join(out, "assets", name));
bundle("src/styles/index.css", "--asset-names=[name]-[hash]", "--loader:.woff2=file", "--public-path=/assets");
Object.assign(made, outputs());
const find = (pattern) => {
  const name = Object.keys(made).find((candidate) => pattern.test(candidate));
  if (!name) throw new Error(`nothing bundled matches ${pattern}`);
  return name;
};
/** A bundle with all that it cannot start without: fetched beside it, not after it. */
const needs = (name) => {
  const all = new Set([name]);
  for (const each of all) for (const other of importsOf(each)) all.add(other);
  return all;
};
const importsOf = (name) =>
  made[name].imports.flatMap(({ kind, path }) => kind === "import-statement" ? [path.split("/").pop()] : []);

/** What several bundles share goes with the app where it is small, or where as many as this have it. */
const smallPart = 1600;
const usesOfLargePart = 3;
const first = find(/^main-.*\.js$/);
const scripts = Object.keys(made).filter((name) => name.endsWith(".js"));
const withApp = needs(first);
const isShared = (name) => {
  const uses = scripts.filter((other) => made[other].entryPoint && needs(other).has(name)).length;
  return made[name].bytes < smallPart || uses >= usesOfLargePart;
};
for (const name of scripts) {
  if (!made[name].entryPoint && isShared(name)) { for (const each of needs(name)) withApp.add(each); }
}
const parts = [...withApp].filter((name) => name !== first);
const renamed = merge(join(out, "assets"), first, parts, scripts.filter((name) => !withApp.has(name)), [
  "--minify",
  "--sourcemap=linked",
  "--target=es2021",
  "--legal-comments=none",
  "--log-level=warning",
]);
for (const name of parts) delete made[name];
for (const [before, after] of renamed) {
  const each = made[before];
  delete made[before];
  const paths = new Set(each.imports.map(({ kind, path }) => `${kind} ${path.split("/").pop()}`));
  each.imports = [...paths].flatMap((found) => {
    const [kind, path] = found.split(" ");
    const to = parts.includes(path) ? (before === first ? [] : [renamed.get(first)]) : [renamed.get(path) ?? path];
    return to.map((path) => ({ kind, path }));
  });
  made[after] = each;
}
const app = renamed.get(first);
const style = find(/^index-.*\.css$/);
/** Bundles that are fetched when they are wanted, by the file that they begin with. */
const lazy = Object.entries(made).flatMap(([name, { entryPoint }]) =>
  entryPoint && name.endsWith(".js") && name !== app ? [[entryPoint, name]] : []
);
const words = Object.fromEntries(lazy.flatMap(([file, name]) => {
  const language = /^src\/words\/(\w+)\.ts$/.exec(file)?.[1];
  return language ? [[language, name]] : [];
}));
const bundles = Object.fromEntries(lazy.flatMap(([file, name]) => {
  const bundle = /^src\/bundles\/(\w+)\.ts$/.exec(file)?.[1];
  return bundle ? [[bundle, name]] : [];
}));
const sheetOf = (name) => made[name].cssBundle?.split("/").pop();
/** The style sheet of each bundle, which its pages wait for. */
const styles = Object.fromEntries(
  Object.entries(bundles).flatMap(([bundle, name]) => sheetOf(name) ? [[bundle, `/assets/${sheetOf(name)}`]] : []),
);

const hashed = (source) => {
  const bytes = readFileSync(join(root, source));
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8).toUpperCase();
  const [stem, extension] = source.split("/").pop().split(/\.(?=[^.]+$)/);
  writeFileSync(join(out, "assets", `${stem}-${hash}.${extension}`), bytes);
  return `/assets/${stem}-${hash}.${extension}`;
};

const icon = hashed("assets/favicon.svg");
const shared = [...needs(app)].filter((name) => name !== app);
const attribute = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;");
const listed = [
  ...Object.entries(words).map(([language, name]) => `<meta name="words-${language}" content="/assets/${name}">`),
  `<meta name="styles" content="${attribute(JSON.stringify(styles))}">`,
];
const html = readFileSync(join(root, "index.html"), "utf8")
  .replace("%BOOT%", `/assets/${boot}`)
  .replace("%APP%", `/assets/${app}`)
  .replace("%SHARED%", shared.map((name) => `<link rel="modulepreload" href="/assets/${name}">`).join("\n"))
  .replace("%LISTED%", listed.join("\n"))
  .replace("%STYLE%", `/assets/${style}`)
  .replace("%FONT%", `/assets/${find(/^inter-.*\.woff2$/)}`)
  .replace("%ICON%", icon);
writeFileSync(join(out, "index.html"), html);
const manifest = readFileSync(join(root, "assets/manifest.webmanifest"), "utf8").replace("%ICON%", icon);
writeFileSync(join(out, "manifest.webmanifest"), manifest);

// What opens without a network: the frame, both languages, where one begins and what one sees when one is not in.
const offline = [boot, style, find(/^inter-.*\.woff2$/), ...Object.values(words)];
for (const name of [app, bundles[firstSpace], bundles.gate]) offline.push(...needs(name));
const shell = ["/", icon, ...new Set(offline.map((name) => `/assets/${name}`))];
const shellName = createHash("sha256").update(html + shell.join()).digest("hex").slice(0, 12);
bundle(
  "src/worker/sw.ts",
  "--format=iife",
  "--entry-names=[name]",
  `--outdir=${out}`,
  `--define:SHELL=${JSON.stringify(shell)}`,
  `--define:SHELL_NAME="${shellName}"`,
);
rmSync(meta);

// For the owner's other pages, which load it under this name.
execFileSync("esbuild", [
  "src/snippet/main.ts",
  "--bundle",
  "--minify",
  "--format=iife",
  "--target=es2021",
  "--legal-comments=none",
  "--log-level=warning",
  `--outfile=${join(out, "snippet.js")}`,
], { cwd: root, stdio: "inherit" });
const snippet = statSync(join(out, "snippet.js")).size;

const compressible = /\.(js|css|html|svg|json|map|webmanifest)$/;
const sizes = {};
for (const folder of ["", "assets"]) {
  for (const name of readdirSync(join(out, folder))) {
    const path = join(out, folder, name);
    if (!statSync(path).isFile() || !compressible.test(name)) continue;
    const packed = gzipSync(readFileSync(path), { level: 9 });
    writeFileSync(`${path}.gz`, packed);
    sizes[name] = packed.length;
  }
}

/** The bundles that each file of words comes with. What is fetched without it must not print one of its words. */
const fetchedWith = {
  team: ["dashboard", "editor", "moderation", "palette", "panel", "settings"],
  panel: ["dashboard", "panel"],
  editor: ["editor"],
  settings: ["settings"],
};
const keysOf = (text) => [...text.matchAll(/^  "([^"]+)":/gm)].map((found) => found[1]);
const wordFiles = (name) =>
  name === "panel"
    ? readdirSync(join(root, "src/words/panel")).filter((file) => file.endsWith(".en.ts")).map((file) =>
      `panel/${file}`
    )
    : [`${name}.en.ts`];
/** What the frame and these bundles import, without what they fetch later. */
const reach = (names) => {
  const files = new Set(["src/app/main.tsx", ...names.map((name) => `src/bundles/${name}.ts`)]);
  for (const file of files) {
    for (const { kind, path } of sources[file].imports) if (kind !== "dynamic-import" && sources[path]) files.add(path);
  }
  return [...files].filter((file) => /^src\/.*\.tsx?$/.test(file) && !/words[./]/.test(file));
};
/** Words that a file prints, by their whole key or by how it begins. */
const printed = (file, keys) => {
  const text = readFileSync(join(root, file), "utf8");
  const whole = [...text.matchAll(/"([a-zA-Z]+(?:\.[\w-]+)+)"/g)].map((found) => found[1]);
  const stems = [...text.matchAll(/`([a-zA-Z]+\.(?:[\w-]+\.)*)\$\{/g)].map((found) => found[1]);
  return keys.filter((key) => whole.includes(key) || stems.some((stem) => key.startsWith(stem)));
};

const size = (names) => [...names].reduce((sum, name) => sum + (sizes[name] ?? 0), 0);
const frame = new Set([boot, style, ...needs(app)]);
const language = Math.max(...Object.values(words).map((name) => sizes[name]));
/** What a bundle adds to the frame. */
const added = (bundle) => {
  const name = bundles[bundle];
  const names = [...needs(name), sheetOf(name)].filter((each) => each && !frame.has(each));
  return size(names);
};
const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
const faults = [];
const load = size(frame) + language + added(firstSpace);
console.log(`web/dist, compressed: ${kilobytes(load)} at first (frame, one language, ${firstSpace})`);
console.log(`  snippet.js has ${snippet} bytes, not compressed`);
if (snippet > snippetBudget) faults.push(`snippet.js is over its ${snippetBudget} bytes`);
if (load > firstBudget) faults.push(`the first load is over its ${kilobytes(firstBudget)}`);
for (const bundle of Object.keys(bundles)) {
  if (bundle === firstSpace) continue;
  console.log(`  ${bundle} adds ${kilobytes(added(bundle))}`);
  if (added(bundle) > spaceBudget) faults.push(`${bundle} is over its ${kilobytes(spaceBudget)}`);
}
for (const [words, own] of Object.entries(fetchedWith)) {
  const keys = wordFiles(words).flatMap((file) => keysOf(readFileSync(join(root, "src/words", file), "utf8")));
  for (const file of reach(Object.keys(bundles).filter((name) => !own.includes(name)))) {
    for (const key of printed(file, keys)) {
      faults.push(`${file} prints “${key}” of words/${words}.*.ts, which come with ${own.join(", ")} only`);
    }
  }
}
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exit(1);

rmSync(dist, { recursive: true, force: true });
renameSync(out, dist);
