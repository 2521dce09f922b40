import { say } from "./Toasts";

/** Over plain HTTP browsers keep their clipboard to themselves; the old way still works there. */
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = document.createElement("textarea");
    box.value = text;
    // In the layer on top, if there is one: what lies under it takes no focus.
    const layers = document.querySelectorAll("dialog[open]");
    (layers[layers.length - 1] ?? document.body).append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }
  say("common.copied");
}
