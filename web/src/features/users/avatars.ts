// A person's picture, to the server and away from it.
import { del, upload } from "../../lib/api";
import type { User } from "../../lib/resources";
import { invalidate } from "../../lib/query";
import { loadSession } from "../accounts/session";
import { take } from "./people";
import type { Square } from "./crop";

/** What is sent, in pixels: the largest that is shown, on the sharpest of screens. */
const side = 512;

/** What the square shows, drawn anew: nothing that the file says beside its pixels leaves this device. */
export async function cut(picture: HTMLImageElement, square: Square): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, square.x, square.y, square.size, square.size, 0, 0, side, side);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error("no picture");
  return blob;
}

/** Shows the answer everywhere: in lists and sheets, and as one's own. */
async function settle(user: User, answer: unknown, askedAt: number, isMine: boolean): Promise<void> {
  take(answer, askedAt);
  invalidate(`user:${user.id}`);
  if (isMine) await loadSession();
}

export async function putAvatar(
  user: User,
  picture: Blob,
  isMine: boolean,
  onProgress: (share: number) => void,
): Promise<void> {
  const askedAt = Date.now();
  await settle(user, await upload("PUT", `/users/${user.id}/avatar`, picture, onProgress), askedAt, isMine);
}

export async function removeAvatar(user: User, isMine: boolean): Promise<void> {
  const askedAt = Date.now();
  await settle(user, await del(`/users/${user.id}/avatar`), askedAt, isMine);
}
