// Browser notifications while the site is open: one tab shows each, and none for the page on screen.
import { navigate, place } from "../../lib/router";
import type { Notification as Told } from "./notifications";

export const canTell = (): boolean => "Notification" in globalThis;
export const permission = (): NotificationPermission => (canTell() ? Notification.permission : "denied");

/** Asks for the permission of the browser, if it was not decided yet. */
export const askPermission = (): Promise<NotificationPermission> =>
  canTell() ? Notification.requestPermission() : Promise.resolve("denied");

/** Every tab gets the event; the one that holds the lock shows it. */
let isSpeaker = !("locks" in navigator);
let release: (() => void) | null = null;

export function becomeSpeaker(): () => void {
  if (!("locks" in navigator)) return () => undefined;
  const stop = new AbortController();
  navigator.locks.request("foyer.notifications", { signal: stop.signal }, () => {
    isSpeaker = true;
    return new Promise<void>((resolve) => release = resolve);
  }).catch(() => undefined);
  return () => {
    stop.abort();
    release?.();
    release = null;
    isSpeaker = false;
  };
}

const isLookedAt = (url: string): boolean =>
  !document.hidden && document.hasFocus() && place.get().path === new URL(url, location.href).pathname;

export function tell(notification: Told, isWanted: boolean): void {
  if (!isSpeaker || !isWanted || permission() !== "granted" || isLookedAt(notification.url)) return;
  const shown = new Notification(notification.title, {
    tag: notification.id,
    ...(notification.body ? { body: notification.body } : {}),
  });
  shown.onclick = () => {
    shown.close();
    window.focus();
    navigate(notification.url);
  };
}
