// Which optional parts of the site are on, as the gateway says when it is ready; remembered, so that nothing moves at the next start.
import type { GatewayEvent } from "./gateway";
import { recall, remember } from "./memory";
import { asRaw } from "./resources";
import { createStore } from "./store";

/** Null until it is known. */
export const modulesOn = createStore<readonly string[] | null>(recall("modules")?.split(",").filter(Boolean) ?? null);

/** A part that is on has its own part of what the gateway says, or stands in its list of modules. */
export function hearOfModules(event: GatewayEvent): void {
  const { modules, ...parts } = asRaw(event["snapshot"]);
  const switched = asRaw(modules);
  const on = [...new Set([...Object.keys(parts), ...Object.keys(switched)])].filter((name) => switched[name] !== false)
    .sort();
  if (on.join() === modulesOn.get()?.join()) return;
  remember("modules", on.join());
  modulesOn.set(on);
}
