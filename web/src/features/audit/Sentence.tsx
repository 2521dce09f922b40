import type { ReactNode } from "react";
import { auditSentence } from "../../contract/feature";
import { useWords, type Words } from "../../lib/i18n";
import { asKeys, asRaw, asStatus, asText, type Raw, type Status } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { Rich } from "../../ui/Rich";
import { StatusMark } from "../presence/StatusMark";
import { RoleChip } from "../roles/RoleChip";
import { roles } from "../roles/roles";
import { actionTitle } from "./entries";

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

/** What the live feed tells: what was done to roles, people and statuses, not who came and went. */
export const newsworthyActions = "role.*,user.*,status.*,override.*";

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
  if (of.refused) return <Rich say="say.refused" parts={{ ...parts, action: <b>{actionTitle(of.action, t)}</b> }} />;
  if (of.action === "status.update") return <StatusSentence of={of} parts={parts} t={t} />;
  const key = auditSentence(of.action);
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
