/** Where one goes on after what had the focus is gone: the title of the dialog that is open, of the sheet, of the page. */
const titles = ["dialog[open] h2", ".sheet h2", "main h1"];

/** A button that goes away with its row takes the focus along: then the title around it has it, and nobody falls out of the page. */
export function watchFocus(): void {
  let last: Element | null = null;
  addEventListener("focusin", (event) => {
    last = event.target instanceof Element ? event.target : null;
  });
  new MutationObserver(() => {
    if (last === null || last.isConnected) return;
    last = null;
    // Whoever closes a dialog or opens a page knows better where the focus belongs, and is a moment later.
    setTimeout(() => {
      if (document.activeElement !== document.body) return;
      const title = titles.map((each) => document.querySelector<HTMLElement>(each)).find((each) => each !== null);
      if (!title) return;
      title.tabIndex = -1;
      title.focus({ preventScroll: true });
    }, 50);
  }).observe(document.body, { childList: true, subtree: true });
}
