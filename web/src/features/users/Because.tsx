import { roleTitle } from "../../lib/roleTitle";
import { useWords, type Words } from "../../lib/i18n";
import { asIds, asList, asRaw, asText } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { roles } from "../roles/roles";

/** What speaks for or against a permission: a role, one that it builds on, or an exception for the person. */
export interface Reason {
  source: "role" | "override" | "inherited";
  effect: "allow" | "deny";
  role: string | null;
  /** The roles between the one that is held and the one that says it, in that order. */
  via: string[];
  /** Why the exception was made. */
  reason: string | null;
  /** A deny that an owner is exempt from. */
  ignored: boolean;
}

/** A reason names its source by the member that it has: `role`, `inherited` or `override`. */
function readReason(value: unknown): Reason {
  const raw = asRaw(value);
  const source = raw["override"] ? "override" : raw["inherited"] ? "inherited" : "role";
  return {
    source,
    effect: raw["effect"] === "deny" ? "deny" : "allow",
    role: asText(raw["name"]) ?? asText(raw[source]),
    via: asIds(raw["path"]),
    reason: asText(raw["reason"]),
    ignored: raw["ignored"] === true,
  };
}

export const readReasons = (value: unknown): Reason[] => asList(value).map(readReason);

function sentence(reason: Reason, name: (id: string) => string, t: Words): string {
  const role = reason.role === null ? "?" : name(reason.role);
  const said = reason.source === "override"
    ? t(reason.effect === "allow" ? "why.override.allow" : "why.override.deny")
    : reason.source === "inherited"
    ? t(reason.effect === "allow" ? "why.inherited.allow" : "why.inherited.deny", { role })
    : t(reason.effect === "allow" ? "why.role.allow" : "why.role.deny", { role });
  const through = reason.via.map(name).filter((each) => each !== role);
  return [
    said,
    through.length > 0 && `(${t("why.via", { role: through.join(" → ") })})`,
    reason.ignored && `– ${t("why.ignored")}`,
  ].filter(Boolean).join(" ");
}

export function Because({ reasons }: { reasons: readonly Reason[] }) {
  const t = useWords();
  const byId = useStore(roles, (all) => all.byId);
  const name = (id: string) => roleTitle(byId[id]?.name ?? id, t);
  if (reasons.length === 0) return <div className="tiny muted">{t("why.nothing")}</div>;
  return (
    <div className="tiny muted">
      {reasons.map((reason, index) => (
        <span key={index} className={`reason ${reason.ignored ? "" : reason.effect}`}>
          {sentence(reason, name, t)} {reason.reason !== null && <q>{reason.reason}</q>}
        </span>
      ))}
    </div>
  );
}
