import type { ReactNode } from "react";
import { type Key, useWords, type Words } from "../../lib/i18n";
import { asKeys, asRaw, asStatus, asText, type Raw, type Status } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { Rich } from "../../ui/Rich";
import { StatusMark } from "../presence/StatusMark";
import { RoleChip } from "../roles/RoleChip";
import { roles } from "../roles/roles";

/** What happened, whether read in the log or heard from the gateway. */
export interface Happening {
  action: string;
  actor: ReactNode;
  target: ReactNode;
  /** The same person on both sides: "changed their own status". */
  self: boolean;
  roleId: string | null;
  payload: Raw;
  /** It was tried and not done. */
  refused?: boolean;
}

const sentences: Record<string, Key> = {
  "role.create": "say.role.create",
  "role.update": "say.role.update",
  "role.delete": "say.role.delete",
  "role.restore": "say.role.restore",
  "role.rollback": "say.role.rollback",
  "role.reorder": "say.role.reorder",
  "role.assign": "say.role.assign",
  "role.revoke": "say.role.revoke",
  "override.set": "say.override.set",
  "override.clear": "say.override.clear",
  "auth.setup": "say.auth.setup",
  "auth.login": "say.auth.login",
  "auth.logout": "say.auth.logout",
  "session.revoke": "say.session.revoke",
  "totp.begin": "say.totp.begin",
  "totp.confirm": "say.totp.confirm",
  "totp.remove": "say.totp.remove",
  "totp.reset": "say.totp.reset",
  "api_key.create": "say.api_key.create",
  "api_key.update": "say.api_key.update",
  "api_key.rotate": "say.api_key.rotate",
  "api_key.revoke": "say.api_key.revoke",
  "user.password": "say.user.password",
  "auth.register": "say.auth.register",
  "auth.password_reset": "say.auth.password_reset",
  "user.leave": "say.user.leave",
  "user.return": "say.user.return",
  "registration.approve": "say.registration.approve",
  "registration.refuse": "say.registration.refuse",
  "invitation.create": "say.invitation.create",
  "invitation.revoke": "say.invitation.revoke",
  "settings.update": "say.settings.update",
  "user.create": "say.user.create",
  "user.update": "say.user.update",
  "user.delete": "say.user.delete",
  "user.restore": "say.user.restore",
  "user.disable": "say.user.disable",
  "user.enable": "say.user.enable",
  "user.bulk": "say.user.bulk",
  "user.ban": "say.user.ban",
  "user.unban": "say.user.unban",
};

/** What the live feed tells: what was done to roles, people and statuses, not who came and went. */
export const newsworthy = (action: string): boolean => /^(role|user|status|override)\./.test(action);

/** One sentence in plain words: who did what to whom. */
export function Sentence({ of }: { of: Happening }) {
  const t = useWords();
  const role = useStore(roles, (all) => (of.roleId === null ? undefined : all.byId[of.roleId]));
  const after = asRaw(of.payload["after"]);

  const before = asRaw(of.payload["before"]);
  // A role that is gone is still named by what the act recorded.
  const said = [
    after["name"],
    after["role"],
    before["name"],
    before["role"],
    of.payload["role_name"],
    of.payload["name"],
  ];
  const roleName = role?.name ?? said.map(asText).find((name) => name !== null);
  const parts = {
    actor: of.actor,
    user: of.target,
    name: <em>{[after["name"], before["name"]].map(asText).find((name) => name !== null) ?? t("say.someKey")}</em>,
    role: roleName ? <RoleChip role={{ name: roleName, color: role?.color ?? null }} /> : <em>{t("say.someRole")}</em>,
  };
  if (of.refused) return <Rich say="say.refused" parts={{ ...parts, action: <code>{of.action}</code> }} />;
  if (of.action === "status.update") return <StatusSentence of={of} parts={parts} t={t} />;
  const key = sentences[of.action];
  if (!key) return <Rich say="say.other" parts={{ ...parts, action: <code>{of.action}</code> }} />;
  return (
    <>
      <Rich say={key} parts={parts} />
      <Difference payload={of.payload} />
    </>
  );
}

interface StatusProps {
  of: Happening;
  parts: Record<string, ReactNode>;
  t: Words;
}

/** A choice of status, of a message or of an activity: the log names only what changed, the gateway all of it. */
function StatusSentence({ of, parts, t }: StatusProps) {
  const after = asRaw(of.payload["after"] ?? of.payload);
  const status = asStatus(after["status"]);
  const text = [asText(after["status_emoji"]), asText(after["status_message"])].filter(Boolean).join(" ");
  const message = text && <q className="muted">{text}</q>;
  if (!of.self) return <Rich say="say.status.other" parts={{ ...parts, status: statusOr(status, t) }} />;
  if (status) {
    return (
      <>
        <Rich say="say.status.own" parts={{ ...parts, status: statusOr(status, t) }} /> {message}
      </>
    );
  }
  if (message) return <Rich say="say.status.message" parts={{ ...parts, message }} />;
  const activity = asText(asRaw(after["activity"])["name"]);
  if (activity) return <Rich say="say.status.activity" parts={{ ...parts, activity: <b>{activity}</b> }} />;
  return <Rich say={"activity" in after ? "say.status.stopped" : "say.status.cleared"} parts={parts} />;
}

const statusOr = (status: Status | null, t: Words): ReactNode =>
  status === null ? <b>{t("say.aStatus")}</b> : (
    <span className="said-status">
      <StatusMark status={status} silent />
      <b>{t(`status.${status}`)}</b>
    </span>
  );

/** "+ analytics.read − users.delete", where an edit of a role carries before and after. */
function Difference({ payload }: { payload: Raw }) {
  const t = useWords();
  const lists = (["permissions", "denied"] as const).flatMap((name) => {
    const { added, removed } = change(payload, name);
    const plus = added.map((key) => ({ key, sign: name === "denied" ? "×" : "+" }));
    return [...plus, ...removed.map((key) => ({ key, sign: "−" }))];
  });
  if (lists.length === 0) return null;
  return (
    <span className="tiny muted difference">
      {lists.slice(0, 4).map(({ key, sign }) => (
        <span key={sign + key}>
          {sign} <code>{key}</code>
        </span>
      ))}
      {lists.length > 4 && t("say.more", { count: lists.length - 4 })}
    </span>
  );
}

/** The log has `before` and `after`, the gateway a `diff` of what was added and removed. */
function change(payload: Raw, name: string): { added: string[]; removed: string[] } {
  const diff = asRaw(asRaw(payload["diff"])[name]);
  if (Array.isArray(diff["added"])) return { added: asKeys(diff["added"]), removed: asKeys(diff["removed"]) };
  const [before, after] = [asRaw(payload["before"])[name], asRaw(payload["after"])[name]];
  if (!Array.isArray(before) || !Array.isArray(after)) return { added: [], removed: [] };
  const [old, now] = [asKeys(before), asKeys(after)];
  return { added: now.filter((key) => !old.includes(key)), removed: old.filter((key) => !now.includes(key)) };
}
