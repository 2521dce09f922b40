// System messages as sentences.
import { t } from "../../lib/i18n";
import { nameOf } from "../../lib/resources";
import type { IconName } from "../../ui/Icon";
import { cards } from "../presence/cards";
import type { Message } from "./shapes";

const icons: Record<string, IconName> = {
  group_created: "members",
  member_added: "addFriend",
  member_left: "out",
  member_removed: "out",
  renamed: "edit",
  icon_changed: "edit",
  message_pinned: "pin",
  call_ended: "pulse",
  call_missed: "pulse",
  call_declined: "pulse",
  call_cancelled: "pulse",
  call_busy: "pulse",
};

export const systemIcon = ({ system }: Message): IconName => icons[system?.type ?? ""] ?? "info";

/** Minutes and seconds of a call. */
const lasted = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds) % 60).padStart(2, "0")}`;

/** Empty for an unknown kind. */
export function systemText({ system, author_id }: Message): string {
  const called = (id: string | null): string => {
    const card = id === null ? undefined : cards.get(id);
    return card ? nameOf(card) : t("chat.somebody");
  };
  const name = called(author_id);
  switch (system?.type) {
    case "group_created":
      return t("chat.system.created", { name });
    case "member_added":
      return t("chat.system.added", { name, user: called(system.user_id) });
    case "member_left":
      return t("chat.system.left", { name });
    case "member_removed":
      return t("chat.system.removed", { name, user: called(system.user_id) });
    case "renamed":
      return system.name === null
        ? t("chat.system.unnamed", { name })
        : t("chat.system.renamed", { name, title: system.name });
    case "icon_changed":
      return t("chat.system.icon", { name });
    case "message_pinned":
      return t("chat.system.pinned", { name });
    case "call_ended":
      return t("chat.system.called", { name, time: lasted(system.duration_s ?? 0) });
    case "call_missed":
      return t("chat.system.callMissed", { name });
    case "call_declined":
      return t("chat.system.callDeclined", { name, user: called(system.user_id) });
    case "call_cancelled":
      return t("chat.system.callCancelled", { name });
    case "call_busy":
      return t("chat.system.callBusy", { name, user: called(system.user_id) });
    default:
      return "";
  }
}
