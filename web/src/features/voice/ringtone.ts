// Two notes while a call rings, made by the browser. A page that nobody has touched may not sound: it rings from the first press on.

let context: AudioContext | null = null;
let timer = 0;
let release: (() => void) | null = null;

function note(at: AudioContext, frequency: number, start: number, seconds: number, loud: number): void {
  const [tone, gain] = [at.createOscillator(), at.createGain()];
  tone.frequency.value = frequency;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(loud, start + 0.03);
  gain.gain.setTargetAtTime(0, start + seconds - 0.12, 0.05);
  tone.connect(gain).connect(at.destination);
  tone.start(start);
  tone.stop(start + seconds + 0.2);
}

const wake = () => void context?.resume().catch(() => undefined);

/** @param isOwn the quiet tone of one's own call; otherwise that of somebody who calls. */
export function ring(isOwn: boolean): void {
  silence();
  // Of the tabs of one browser only one sounds.
  const locks = navigator.locks as LockManager | undefined;
  if (isOwn || !locks) return sound(isOwn);
  const stop = new AbortController();
  release = () => stop.abort();
  void locks.request("foyer-ring", { signal: stop.signal }, () =>
    new Promise<void>((done) => {
      if (stop.signal.aborted) return done();
      release = done;
      sound(false);
    })).catch(() => undefined);
}

function sound(isOwn: boolean): void {
  if (typeof AudioContext === "undefined") return;
  context ??= new AudioContext();
  addEventListener("pointerdown", wake);
  addEventListener("keydown", wake);
  wake();
  const turn = () => {
    if (context?.state !== "running") return;
    const start = context.currentTime + 0.05;
    const [low, high] = isOwn ? [425, 425] : [587, 784];
    const loud = isOwn ? 0.05 : 0.12;
    note(context, low, start, isOwn ? 1 : 0.4, loud);
    if (!isOwn) note(context, high, start + 0.45, 0.6, loud);
  };
  turn();
  timer = setInterval(turn, isOwn ? 4_000 : 2_500) as unknown as number;
}

export function silence(): void {
  clearInterval(timer);
  timer = 0;
  release?.();
  release = null;
  removeEventListener("pointerdown", wake);
  removeEventListener("keydown", wake);
  void context?.suspend().catch(() => undefined);
}
