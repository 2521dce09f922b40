import { useEffect, useState } from "react";
import { get, newKey, patch, post } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { diffGrants } from "../../lib/permissions";
import { asProblem } from "../../lib/problem";
import { invalidate } from "../../lib/query";
import { readRole, type Role } from "../../lib/resources";
import { blockLeaving } from "../../lib/router";
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

interface SaveBarProps {
  role: Role | null;
  edit: Editing;
  /** Called instead of saving when somebody else was quicker. */
  onOvertaken: () => void;
  onFaults: (faults: Record<string, string>) => void;
  onSaved: (role: Role) => void;
}

/** Stands at the foot while something is not saved: what changes, who it concerns, save or not. */
export function SaveBar({ role, edit, onOvertaken, onFaults, onSaved }: SaveBarProps) {
  const t = useWords();
  const { base, draft, touched } = edit;
  const [previewing, setPreviewing] = useState(false);
  useUnsaved(touched);
  const { busy, problem, submit } = useSubmit({ draft, version: edit.version }, async (key) => {
    if (edit.overtaken) return onOvertaken();
    try {
      await askingLockOut(async (confirmed) => {
        const saved = readRole(await send(role, edit, confirmed ? newKey() : key, confirmed));
        place(saved);
        refreshRoles();
        invalidate(`role:${saved.id}`);
        invalidate("user:");
        blockLeaving(null);
        say(role ? "roles.saved" : "roles.created", { role: saved.name });
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
      {previewing && changed && (
        <Preview
          name={role?.name ?? draft.name.trim()}
          body={changed}
          onClose={() => setPreviewing(false)}
        />
      )}
    </div>
  );
}

/** What the preview is asked; null while there is nothing to foresee. A new role has nobody yet, but one may try it on somebody. */
function previewOf(role: Role | null, base: Draft, draft: Draft): Record<string, unknown> | null {
  if (!role) return draft.name.trim() && !Number.isNaN(draft.priority) ? creationOf(draft) : null;
  const { permissions, denied, inherits, priority } = patchOf(base, draft);
  const rights = Object.entries({ permissions, denied, inherits, priority }).filter(([, value]) => value !== undefined);
  return rights.length > 0 && !Number.isNaN(draft.priority)
    ? { role_id: role.id, ...Object.fromEntries(rights) }
    : null;
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

/** Leaving with something unsaved is asked about, within the app and by the browser. */
function useUnsaved(touched: boolean): void {
  const t = useWords();
  useEffect(() => {
    if (!touched) return;
    const text = t("role.unsavedLeave");
    blockLeaving(() => confirm(text));
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", onUnload);
    return () => {
      blockLeaving(null);
      removeEventListener("beforeunload", onUnload);
    };
  }, [touched, t]);
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
