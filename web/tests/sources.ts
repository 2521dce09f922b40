import { readdirSync, readFileSync } from "node:fs";
import { env } from "node:process";

const root = env["FOYER_WEB"] ?? ".";

export interface Source {
  path: string;
  text: string;
}

/** Every file under web/src whose name ends so, by its path from there. */
export function sources(ending: RegExp, folder = "src"): Source[] {
  return readdirSync(`${root}/${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sources(ending, path);
    return ending.test(entry.name)
      ? [{ path: path.replace(/^src\//, ""), text: readFileSync(`${root}/${path}`, "utf8") }]
      : [];
  });
}

export const read = (path: string): string => readFileSync(`${root}/${path}`, "utf8");
