import { useEffect, useState } from "react";
import { newKey, patch, post } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { diffGrants } from "../../lib/permissions";
import { asProblem, Problem } from "../../lib/problem";
import { invalidate } from "../../lib/query";
import { readRole, type Role } from "../../lib/resources";
import { blockLeaving } from "../../lib/router";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { FormProblem } from "../../ui/States";
import { say } from "../../ui/Toasts";
import { creationOf, type Draft, patchOf } from "./draft";
import { Preview } from "./Preview";
import { place, refreshRoles } from "./roles";

interface SaveBarProps {
  role: Role | null;
  base: Draft;
  draft: Draft;
  touched: boolean;
  onReset: () => void;
  onFaults: (faults: Record<string, string>) => void;
  onSaved: (role: Role) => void;
}

/** Stands at the foot while something is not saved: what changes, who it concerns, save or not. */
export function SaveBar({ role, base, draft, touched, onReset, onFaults, onSaved }: SaveBarProps) {
  const t = useWords();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [previewing, setPreviewing] = useState(false);
  const [key, setKey] = useState(newKey);
  useEffect(() => setKey(newKey()), [draft]);
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
  const save = async (confirmed = false) => {
    setBusy(true);
    setProblem(null);
    try {
      const saved = readRole(await send(role, base, draft, key, confirmed));
      place(saved);
      refreshRoles();
      invalidate(`role:${saved.id}`);
      invalidate("user:");
      blockLeaving(null);
      say(role ? "roles.saved" : "roles.created", { role: saved.name });
      onSaved(saved);
    } catch (error) {
      const found = asProblem(error);
      setProblem(found);
      onFaults(Object.fromEntries(found.faults.map((fault) => [fault.field, fault.detail])));
      setKey(newKey());
    } finally {
      setBusy(false);
    }
  };
  const diff = diffGrants(base, draft);
  const gained = diff.filter((each) => each.to === "allow").length;
  const denied = diff.filter((each) => each.to === "deny").length;
  const lost = diff.filter((each) => each.to === "unset").length;
  return (
    <div className="save-bar" role="region" aria-label={t("role.unsaved")}>
      <div className="save-text">
        <strong>{t(role ? "role.unsaved" : "role.newNotice")}</strong>
        {diff.length > 0 && (
          <span className="tiny muted num">
            {[
              gained && t("role.diff.gained", { count: gained }),
              lost && t("role.diff.lost", { count: lost }),
              denied && t("role.diff.denied", { count: denied }),
            ].filter(Boolean).join(" · ")}
          </span>
        )}
      </div>
      <div className="save-actions">
        {role && diff.length > 0 && (
          <Button look="quiet" icon="eye" onClick={() => setPreviewing(true)}>{t("role.preview")}</Button>
        )}
        {touched && <Button onClick={onReset}>{t("role.discard")}</Button>}
        <Button look="primary" busy={busy} onClick={() => void save()}>
          {t(role ? "common.save" : "roles.createSubmit")}
        </Button>
      </div>
      {problem && problem.code !== "would_lock_out" && <FormProblem problem={problem} />}
      {problem?.code === "would_lock_out" && (
        <Dialog
          title={t("role.lockOut.title")}
          width="small"
          onClose={() => setProblem(null)}
          actions={
            <>
              <Button onClick={() => setProblem(null)}>{t("common.cancel")}</Button>
              <Button look="danger" busy={busy} onClick={() => void save(true)}>{t("role.lockOut.save")}</Button>
            </>
          }
        >
          <p>{problem.detail || t("role.lockOut.text")}</p>
        </Dialog>
      )}
      {previewing && role && <Preview role={role} patch={patchOf(base, draft)} onClose={() => setPreviewing(false)} />}
    </div>
  );
}

function send(role: Role | null, base: Draft, draft: Draft, key: string, confirmed: boolean): Promise<unknown> {
  const extra = confirmed ? { confirm: true } : {};
  if (!role) return post("/roles", creationOf(draft), { key });
  return patch(`/roles/${role.id}`, { ...patchOf(base, draft), ...extra }, { key, version: role.version });
}
