// The rights in a conversation, as the server sent them; it checks them again on every request.
import { covers } from "../../lib/permissions";
import type { Conversation } from "./shapes";

const keys = {
  write: ["chat.write", "channels.write"],
  moderate: ["chat.moderate", "messages.manage"],
  manage: ["channels.manage"],
  mentionAll: ["chat.mention_everyone", "messages.mention_everyone"],
} as const;

export const may = ({ permissions, kind }: Conversation, what: keyof typeof keys): boolean =>
  keys[what].some((key) => covers(permissions, key)) ||
  (what === "write" && kind !== "channel" && permissions.length === 0);
