// Builds the style guide into build/styleguide, or into the folder that is named: one page that opens without a server.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = argv[2] ? resolve(argv[2]) : join(root, "..", "build", "styleguide");
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
execFileSync("esbuild", [
  "src/styleguide/main.tsx",
  "--bundle",
  "--minify",
  "--format=iife",
  "--target=es2021",
  "--tsconfig=tsconfig.bundle.json",
  '--define:process.env.NODE_ENV="production"',
  "--loader:.woff2=file",
  `--outdir=${out}`,
  "--log-level=warning",
], { cwd: root, stdio: "inherit" });
writeFileSync(
  join(out, "index.html"),
  `<!doctype html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Foyer: components</title>
<link rel="stylesheet" href="main.css">
<script src="main.js" defer></script>
</head>
<body><div id="root"></div></body>
</html>
`,
);
console.log(join(out, "index.html"));
