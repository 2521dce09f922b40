import { useEffect, useState } from "react";
import { del, get, put } from "../../lib/api";
import { useLanguage, useWords } from "../../lib/i18n";
import type { Choice } from "../../lib/permissions";
import { asProblem } from "../../lib/problem";
import { invalidate, useQuery } from "../../lib/query";
import { asNumber, asRaw, asText, nameOf, type User } from "../../lib/resources";
import { useSubmit } from "../../lib/submit";
import { Dialog } from "../../ui/Dialog";
import { TextArea } from "../../ui/Field";
import { FormFoot } from "../../ui/FormFoot";
import { Segmented } from "../../ui/Segmented";
import { FormProblem, Skeleton } from "../../ui/States";
import { say, sayProblem } from "../../ui/Toasts";
import { describe, usePermissions } from "../roles/registry";

interface Override {
  effect: Choice;
  reason: string;
  version: number | undefined;
}

const none: Override = { effect: "unset", reason: "", version: undefined };

async function read(path: string): Promise<Override> {
  try {
    const raw = asRaw(await get<unknown>(path));
    const effect = raw["effect"] === "deny" ? "deny" : "allow";
    return { effect, reason: asText(raw["reason"]) ?? "", version: asNumber(raw["version"]) };
  } catch (error) {
    if (asProblem(error).status === 404) return none;
    throw error;
  }
}

/** `seen` is the version that the change is made on: another one is refused, not overwritten. */
async function write(path: string, to: Override, seen: number | undefined, key?: string): Promise<void> {
  const request = { version: seen ?? 0, ...(key ? { key } : {}) };
  if (to.effect === "unset") await del(path, request);
  else await put(path, { effect: to.effect, reason: to.reason.trim() }, request);
}

interface OverrideProps {
  user: User;
  permission: string;
  onClose: () => void;
}

/** An exception for one member: one permission allowed or denied whatever their roles say, with the reason. */
export function OverrideDialog({ user, permission, onClose }: OverrideProps) {
  const t = useWords();
  const of = useLanguage();
  const registry = usePermissions();
  const path = `/users/${user.id}/overrides/${permission}`;
  const { data, problem: unread } = useQuery(`user:${user.id}:override:${permission}`, () => read(path), {
    about: [`user:${user.id}`],
  });
  const [effect, setEffect] = useState<Choice>("unset");
  const [reason, setReason] = useState("");
  useEffect(() => {
    if (!data) return;
    setEffect(data.effect);
    setReason(data.reason);
  }, [data]);
  const wanted: Override = { effect, reason, version: undefined };
  const { busy, problem, submit } = useSubmit(wanted, async (key) => {
    const before = data ?? none;
    if (effect === before.effect && reason.trim() === before.reason) return onClose();
    await write(path, wanted, before.version, key);
    invalidate(`user:${user.id}`);
    say("override.saved", { user: nameOf(user), key: permission }, () => void undo(user, path, before));
    onClose();
  });
  return (
    <Dialog title={t("override.title", { user: nameOf(user) })} width="small" onClose={onClose}>
      {!data && !unread && <Skeleton rows={2} shape="line" />}
      <FormProblem problem={unread} />
      {data && (
        <form className="form" onSubmit={submit}>
          <p>
            {describe(registry, permission, of)} <code>{permission}</code>
          </p>
          <Segmented
            legend={t("override.effect")}
            value={effect}
            onChange={setEffect}
            segments={[
              { value: "deny", label: t("permissions.deny") },
              { value: "unset", label: t("override.none") },
              { value: "allow", label: t("permissions.allow") },
            ]}
          />
          <p className="hint">{t(`override.hint.${effect}`)}</p>
          {effect !== "unset" && (
            <TextArea
              label={t("users.reason")}
              hint={t("override.reasonHint")}
              required
              maxLength={500}
              value={reason}
              fault={problem?.fault("reason")}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
          <FormFoot verb={t("common.save")} busy={busy} problem={problem} onCancel={onClose} />
        </form>
      )}
    </Dialog>
  );
}

/** Puts back what was there, on top of whatever is there now. */
async function undo(user: User, path: string, before: Override): Promise<void> {
  try {
    await write(path, before, (await read(path)).version);
    invalidate(`user:${user.id}`);
  } catch (error) {
    sayProblem(asProblem(error));
  }
}
