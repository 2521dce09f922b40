import { useState } from "react";
import { nameOf, type Status, type User } from "../../lib/resources";
import { StatusMark } from "./StatusMark";

const faces = 8;

/** The same person has the same colour everywhere. */
function faceOf(id: string): number {
  let hash = 0;
  for (const letter of id) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return (hash % faces) + 1;
}

function initials(name: string): string {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1
    ? [words[0], words[words.length - 1]].map((word) => [...(word ?? "")][0])
    : [...name].slice(0, 2);
  return letters.join("").toUpperCase();
}

/** The server keeps two sizes of what was uploaded; elsewhere a picture has one. */
const sized = (address: string, size: string): string =>
  size === "large" ? address : address.replace(/^(\/api\/v1\/avatars\/[\w-]+)\/256$/, "$1/64");

interface AvatarProps {
  user: Pick<User, "id" | "username" | "display_name" | "avatar_url">;
  status?: Status | undefined;
  size?: "small" | "medium" | "large";
}

/** A face with its status; the name stands beside it, so the picture itself stays silent. */
export function Avatar({ user, status, size = "medium" }: AvatarProps) {
  const [broken, setBroken] = useState<string | null>(null);
  const address = user.avatar_url;
  return (
    <span className={`avatar ${size} face-${faceOf(user.id)}`}>
      {address && broken !== address
        ? <img src={sized(address, size)} alt="" decoding="async" onError={() => setBroken(address)} />
        : <span aria-hidden="true">{initials(nameOf(user))}</span>}
      {status && <StatusMark status={status} size={size === "large" ? 16 : 12} />}
    </span>
  );
}
