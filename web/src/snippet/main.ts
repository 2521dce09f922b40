// The site snippet: counts the views of any page of the owner's, after consent alone. It sets no cookie, stores nothing and sends nothing before
// `foyer.consent(true)`. Global Privacy Control and Do Not Track switch it off.
//
//   <script defer src="https://foyer.example/snippet.js"></script>
//   foyer.consent(true)      the visitor agrees; false withdraws
//   foyer.track(name, data)  an event of the page's own

interface Entry extends PerformanceEntry {
  value?: number;
  hadRecentInput?: boolean;
}

(() => {
  const page = document as Document & { prerendering?: boolean };
  const agent = navigator as Navigator & { globalPrivacyControl?: boolean };
  const target = new URL("/api/v1/analytics/collect", (page.currentScript as HTMLScriptElement).src).href;
  const refused = agent.globalPrivacyControl === true || agent.doNotTrack === "1";
  const clock = () => performance.now();
  let wanted = false;
  let agreed = false;
  let watching = false;
  let name = "";
  let number = 0;
  let faults = 0;
  let told = 0;
  let path = "";
  let timer = 0;
  let queue: { at: number; n: number }[] = [];
  const vitals: Record<string, number> = {};

  const send = () => {
    clearTimeout(timer);
    timer = 0;
    while (queue.length) {
      const events = queue.splice(0, 50).map(({ at, ...event }) => ({ ...event, age: Math.round(clock() - at) }));
      agent.sendBeacon(target, JSON.stringify({ page: name, events }));
    }
  };
  const add = (type: string, more?: object) => {
    if (!agreed || number > 999) return;
    queue.push({ at: clock(), n: number++, ...{ type, path, ...more } });
    if (queue.length > 49) send();
    else timer ||= setTimeout(send, 2e3);
  };
  const view = (again?: unknown) => {
    const campaign = [...new URLSearchParams(location.search)].filter(([key]) => /^utm_/.test(key));
    const next = (location.pathname + (campaign[0] ? "?" + new URLSearchParams(campaign) : "")).slice(0, 1e3);
    if (next === path && again !== true) return;
    const referrer = path ? undefined : page.referrer.split("/")[2];
    path = next;
    add("view", { referrer });
  };
  const fail = (message: unknown, source?: string) =>
    faults++ < 5 && add("error", { message: `${message}`.slice(0, 300), source });
  const leave = () => {
    if (page.visibilityState !== "hidden") return;
    if (!told++) { for (const key in vitals) add("vital", { name: key, value: vitals[key] }); }
    send();
  };
  const observe = (type: string, take: (entry: Entry) => void, durationThreshold?: number) => {
    try {
      new PerformanceObserver((list) => agreed && list.getEntries().forEach(take))
        .observe({ type, buffered: true, durationThreshold } as PerformanceObserverInit);
    } catch {
      // This browser does not measure it.
    }
  };
  const watch = () => {
    watching = true;
    const push = history.pushState;
    history.pushState = function (...state) {
      push.apply(this, state);
      view();
    };
    addEventListener("popstate", view);
    addEventListener("pageshow", (event) => view(event.persisted));
    addEventListener(
      "error",
      (event) => fail(event.message, `${event.filename.split(/[?#]/)[0]}:${event.lineno}`.slice(-200)),
    );
    addEventListener("unhandledrejection", (event) => fail(event.reason));
    page.addEventListener("visibilitychange", leave);
    let [shift, first, last] = [0, 0, 0];
    observe("largest-contentful-paint", ({ startTime }) => vitals.LCP = startTime);
    observe("event", ({ duration }) => vitals.INP = Math.max(vitals.INP || 0, duration), 40);
    observe("layout-shift", ({ startTime, value = 0, hadRecentInput }) => {
      if (hadRecentInput) return;
      if (startTime - last > 1e3 || startTime - first > 5e3) [shift, first] = [0, startTime];
      last = startTime;
      vitals.CLS = Math.max(vitals.CLS || 0, shift += value);
    });
  };
  const begin = (): void => {
    if (!wanted) return;
    // Nobody has seen a page that was rendered in advance.
    if (page.prerendering) return page.addEventListener("prerenderingchange", begin);
    agreed = true;
    if (!watching) watch();
    view();
  };
  const consent = (yes: boolean) => {
    if (refused || yes === wanted) return;
    wanted = yes;
    agreed = false;
    queue = [];
    [number, faults, path] = [0, 0, ""];
    name = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => (byte % 36).toString(36)).join("");
    begin();
  };
  Object.assign(window, {
    foyer: { consent, track: (event: string, data?: object) => add("event", { name: event, data }) },
  });
})();

export {};
