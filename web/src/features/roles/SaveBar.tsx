import { type ReactNode, useState } from "react";
import { get, newKey, patch, post } from "../../lib/api";
import { type Key, useWords } from "../../lib/i18n";
import { diffGrants } from "../../lib/permissions";
import { asProblem, type Problem } from "../../lib/problem";
import { invalidate } from "../../lib/query";
import { readRole, type Role } from "../../lib/resources";
import { useDirtyGuard } from "../../lib/drafts";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { FormProblem } from "../../ui/States";
import { say } from "../../ui/Toasts";
import { creationOf, type Draft, patchOf } from "./draft";
import { refusalText, useImpact, useSettled } from "./impact";
import { askingLockOut } from "./lockOut";
import { Preview } from "./Preview";
import { place, refreshRoles } from "./roles";
import type { Editing } from "./useDraft";
import { roleTitle } from "../../lib/roleTitle";

interface SaveBarProps {
  role: Role | null;
  edit: Editing;
  /** Somebody else has saved the role meanwhile. */
  notice: ReactNode;
  /** Opens the tab that has a field. */
  onTab: (tab: "permissions" | "display") => void;
  /** Called instead of saving when somebody else was quicker. */
  onOvertaken: () => void;
  onFaults: (faults: Record<string, string>) => void;
  onSaved: (role: Role) => void;
}

/** Stands at the foot while something is not saved: what changes, who it concerns, save or not. */
export function SaveBar({ role, edit, notice, onTab, onOvertaken, onFaults, onSaved }: SaveBarProps) {
  const t = useWords();
  const { base, draft, touched } = edit;
  const [previewing, setPreviewing] = useState(false);
  useDirtyGuard(touched);
  const { busy, problem, submit } = useSubmit({ draft, version: edit.version }, async (key) => {
    if (edit.overtaken) return onOvertaken();
    try {
      await askingLockOut(async (confirmed) => {
        const saved = readRole(await send(role, edit, confirmed ? newKey() : key, confirmed));
        place(saved);
        refreshRoles();
        invalidate(`role:${saved.id}`);
        invalidate("rights");
        say(role ? "roles.saved" : "roles.created", { role: roleTitle(saved.name, t) });
        onSaved(saved);
      });
    } catch (error) {
      const found = asProblem(error);
      if (role && found.status === 412 && (await fetchTheirs(role))) return onOvertaken();
      onFaults(Object.fromEntries(found.faults.map((fault) => [fault.field, fault.detail])));
      throw found;
    }
  });
  const changed = previewOf(role, base, draft);
  return (
    <div className="save-bar" role="region" aria-label={t("role.unsaved")}>
      {notice}
      <div className="save-text">
        <strong>{t(role ? "role.unsaved" : "role.newNotice")}</strong>
        <DraftCount base={base} draft={draft} />
        {role && changed && <LiveImpact body={JSON.stringify(changed)} />}
      </div>
      <div className="save-actions">
        {changed && <Button look="quiet" icon="eye" onClick={() => setPreviewing(true)}>{t("role.preview")}</Button>}
        {touched && <Button onClick={edit.reset}>{t("role.discard")}</Button>}
        <Button look="primary" busy={busy} onClick={() => submit()}>
          {t(role ? "common.save" : "roles.createSubmit")}
        </Button>
      </div>
      <FormProblem problem={problem} />
      {problem && <FaultyFields problem={problem} onTab={onTab} />}
      {previewing && changed && (
        <Preview
          name={roleTitle(role?.name ?? draft.name.trim(), t)}
          body={changed}
          onClose={() => setPreviewing(false)}
        />
      )}
    </div>
  );
}

/** What the preview is asked; null while there is nothing to foresee. A new role has nobody yet, but one may try it on somebody. */
export function previewOf(role: Role | null, base: Draft, draft: Draft): Record<string, unknown> | null {
  if (!role) return draft.name.trim() && !Number.isNaN(draft.priority) ? creationOf(draft) : null;
  const { permissions, denied, inherits, priority } = patchOf(base, draft);
  const rights = Object.entries({ permissions, denied, inherits, priority }).filter(([, value]) => value !== undefined);
  return rights.length > 0 && !Number.isNaN(draft.priority)
    ? { role_id: role.id, ...Object.fromEntries(rights) }
    : null;
}

const fieldNames: Record<string, Key> = {
  name: "role.name",
  description: "role.description",
  color: "role.color",
  priority: "role.priority",
  inherits: "role.inherits",
};

/** Where each fault is: its tab and its field. */
function FaultyFields({ problem, onTab }: { problem: Problem; onTab: SaveBarProps["onTab"] }) {
  const t = useWords();
  if (problem.faults.length === 0) return null;
  return (
    <ul role="list" className="faulty-fields tiny">
      {problem.faults.map((fault) => {
        const field = fieldNames[fault.field];
        const tab = field ? "display" : "permissions";
        return (
          <li key={fault.pointer}>
            <button type="button" className="link" onClick={() => onTab(tab)}>
              {t(`role.tab.${tab}`)}
              {field && ` · ${t(field)}`}
            </button>{" "}
            {fault.detail}
          </li>
        );
      })}
    </ul>
  );
}

/** "3 more allowed · 1 taken away" */
function DraftCount({ base, draft }: { base: Draft; draft: Draft }) {
  const t = useWords();
  const diff = diffGrants(base, draft);
  const count = (to: "allow" | "deny" | "unset") => diff.filter((each) => each.to === to).length;
  if (diff.length === 0) return null;
  return (
    <span className="tiny muted num">
      {[
        count("allow") && t("role.diff.gained", { count: count("allow") }),
        count("unset") && t("role.diff.lost", { count: count("unset") }),
        count("deny") && t("role.diff.denied", { count: count("deny") }),
      ].filter(Boolean).join(" · ")}
    </span>
  );
}

/** How many it concerns, while one edits; and what the server would say to it. */
function LiveImpact({ body }: { body: string }) {
  const t = useWords();
  const { data, problem } = useImpact(useSettled(body));
  if (problem) return null;
  return (
    <span className="tiny muted num save-impact" role="status">
      {!data
        ? t("preview.counting")
        : data.affected === 0
        ? t("preview.noneOf", { count: data.members })
        : t("preview.someOf", { count: data.affected, all: data.members })}
      {data?.refusal && (
        <span className="save-refusal">
          <Icon name="warning" size={14} /> {refusalText(data.refusal, t)}
        </span>
      )}
    </span>
  );
}

/** What somebody else saved meanwhile, to merge with it; false when it cannot be had. */
async function fetchTheirs(role: Role): Promise<boolean> {
  const theirs = await get<unknown>(`/roles/${role.id}`).then(readRole, () => null);
  if (theirs) place(theirs);
  return theirs !== null;
}

function send(role: Role | null, edit: Editing, key: string, confirmed: boolean): Promise<unknown> {
  if (!role) return post("/roles", creationOf(edit.draft), { key });
  const body = { ...patchOf(edit.base, edit.draft), ...(confirmed ? { confirm: true } : {}) };
  return patch(`/roles/${role.id}`, body, { key, version: edit.version });
}
