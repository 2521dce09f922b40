// Joins what the app always needs into one file. esbuild cuts a chunk for each set of bundles that share a module, since it does not
// know that the frame is there before any of them: dozens of small files, each of which costs a request.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const importOf = /import(?:\{([^}]*)\}from)?"(?:\.\/|\/assets\/)([^"]+\.js)";?/g;

/** What a bundle imports of another: `a as b` or `a`, by the name there. */
const namesIn = (list) =>
  list.split(",").filter(Boolean).map((each) => each.split(" as ")).map(([there, here]) => [there, here ?? there]);
const exportsOf = (text) => {
  const list = [...text.matchAll(/export\{([^}]*)\}/g)].map((found) => found[1]).join(",");
  return list.split(",").filter(Boolean).map((each) => each.split(" as ").pop());
};
/** Before the line that names the source map. */
const ended = (text, more) => text.replace(/(\/\/# sourceMappingURL=.*\s*)?$/, (last) => `${more}\n${last}`);
const hashOf = (text) => createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase();
const joined = (index, name) => `_${index}_${name}`;

/**
 * @param folder where the bundles are, which import one another as "/assets/…"
 * @param app the bundle that runs first
 * @param parts the chunks that go into it, in no order
 * @param others every other bundle: what it imports of the parts it imports of the app from then on
 * @param options of esbuild
 * @returns the names of the bundles after it, by those before
 */
export function merge(folder, app, parts, others, options) {
  const work = join(folder, "merged");
  mkdirSync(work);
  const read = (name) => readFileSync(join(folder, name), "utf8");
  const near = (text) => text.replace(/(from|import|import\()"\/assets\//g, '$1"./');
  const index = new Map(parts.map((name, at) => [name, at]));
  for (const name of [app, ...parts]) writeFileSync(join(work, name), near(read(name)));
  const lines = [`import "./${app}";`];
  for (const [name, at] of index) {
    const given = exportsOf(read(name)).map((each) => `${each} as ${joined(at, each)}`);
    if (given.length > 0) lines.push(`export { ${given.join(", ")} } from "./${name}";`);
  }
  writeFileSync(join(work, "app.js"), lines.join("\n"));
  execFileSync("esbuild", [
    join(work, "app.js"),
    "--bundle",
    "--format=esm",
    `--outfile=${join(work, "out", "app.js")}`,
    ...others.map((name) => `--external:./${name}`),
    ...options,
  ], { stdio: "inherit" });
  const texts = new Map([[app, readFileSync(join(work, "out", "app.js"), "utf8")]]);
  for (const name of others) {
    const taken = [];
    // What is taken out leaves room, and what comes instead stands at the end: the source map goes on to be right.
    const text = read(name).replace(importOf, (whole, list = "", from) => {
      if (!index.has(from)) return whole;
      for (const [there, here] of namesIn(list)) taken.push(`${joined(index.get(from), there)} as ${here}`);
      return " ".repeat(whole.length);
    });
    texts.set(name, taken.length > 0 ? ended(text, `import{${taken.join()}}from"/assets/${app}";`) : text);
  }
  // The bundles name one another in circles, so that none can be named after its content alone: each name is made of all contents.
  const mark = hashOf([...texts.values()].join());
  const renamed = new Map(
    [...texts.keys()].map((name) => [name, name.replace(/[A-Z0-9]{8}(?=\.js$)/, hashOf(mark + name))]),
  );
  for (const [name, text] of texts) {
    const next = renamed.get(name);
    const map = name === app ? join(work, "out", "app.js.map") : join(folder, `${name}.map`);
    renameSync(map, join(folder, `${next}.map`));
    writeFileSync(
      join(folder, next),
      text.replace(
        /"(?:\.\/|\/assets\/)([^"]+\.js)"/g,
        (whole, to) => renamed.has(to) ? `"/assets/${renamed.get(to)}"` : whole,
      )
        .replace(/\/\/# sourceMappingURL=.*/, `//# sourceMappingURL=${next}.map`),
    );
    rmSync(join(folder, name));
  }
  for (const name of [app, ...parts]) {
    for (const each of [name, `${name}.map`]) rmSync(join(folder, each), { force: true });
  }
  rmSync(work, { recursive: true });
  return renamed;
}
