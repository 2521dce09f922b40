import { useWords } from "../../lib/i18n";
import { SelectField, TextArea } from "../../ui/Field";
import { Segmented } from "../../ui/Segmented";
import { useCan } from "../accounts/session";
import type { Kind, Sanction } from "../sanctions/sanctions";
import type { Escalation } from "./cases";

export const durations = ["3600", "86400", "604800", "2592000", ""] as const;

export interface Choice {
  kind: Kind | "none";
  duration: string;
  reason: string;
}

/** The kinds that I may impose. */
export function useKinds(): Kind[] {
  const may = {
    warn: useCan("moderation.warn"),
    mute: useCan("moderation.mute"),
    kick: useCan("moderation.kick"),
    ban: useCan("moderation.ban"),
  };
  return (["warn", "mute", "kick", "ban"] as const).filter((kind) => may[kind]);
}

interface ImposeProps {
  kinds: readonly (Kind | "none")[];
  value: Choice;
  onChange: (choice: Choice) => void;
  fault: (field: string) => string | undefined;
  escalation: Escalation | null;
  inForce: readonly Sanction[];
}

/** The fields of a sanction, and its effect. */
export function Impose({ kinds, value, onChange, fault, escalation, inForce }: ImposeProps) {
  const t = useWords();
  const { kind } = value;
  const lasts = kind === "mute" || kind === "ban";
  return (
    <>
      <Segmented
        legend={t("team.kind")}
        value={kind}
        onChange={(next) => onChange({ ...value, kind: next })}
        segments={kinds.map((each) => ({
          value: each,
          label: t(each === "none" ? "team.none" : `sanctions.kind.${each}`),
        }))}
      />
      {kind !== "none" && (
        <>
          <TextArea
            label={t("team.reason")}
            hint={t("team.reasonHint")}
            required
            maxLength={500}
            value={value.reason}
            fault={fault("reason")}
            onChange={(event) => onChange({ ...value, reason: event.target.value })}
          />
          {lasts && (
            <SelectField
              label={t("ban.duration")}
              value={value.duration}
              fault={fault("duration_s")}
              onChange={(event) => onChange({ ...value, duration: event.target.value })}
            >
              {durations.map((each) => (
                <option key={each} value={each}>{t(each ? `ban.for.${each}` : "ban.for.ever")}</option>
              ))}
            </SelectField>
          )}
          <Effect kind={kind} escalation={escalation} inForce={inForce} />
        </>
      )}
    </>
  );
}

function Effect(
  { kind, escalation, inForce }: { kind: Kind; escalation: Escalation | null; inForce: readonly Sanction[] },
) {
  const t = useWords();
  const fires = kind === "warn" && escalation?.fires;
  const replaces = (kind === "mute" || kind === "ban") && inForce.some((each) => each.kind === kind && each.active);
  return (
    <p className="notice">
      <b>{t("team.effect")}</b> {t(`team.effect.${kind}`)}
      {fires && escalation && (
        <>{" "}{t(`team.effect.fires.${escalation.kind as "mute"}`, { count: escalation.count })}</>
      )}
      {replaces && <>{" "}{t("team.effect.replaces")}</>}
    </p>
  );
}
