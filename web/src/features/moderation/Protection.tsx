import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { useQuery } from "../../lib/query";
import { nameOf } from "../../lib/resources";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Check } from "../../ui/Check";
import { Dialog } from "../../ui/Dialog";
import { SelectField, TextField } from "../../ui/Field";
import { FormFoot } from "../../ui/FormFoot";
import { ErrorState, FormProblem, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { say, sayProblem } from "../../ui/Toasts";
import { useCan } from "../accounts/session";
import { Escalations } from "./Escalations";
import { fetchChoices } from "./filters";
import {
  type Door,
  doors,
  endLockdown,
  endRaid,
  fetchLockdowns,
  fetchRaid,
  lockdownsKey,
  type Measure,
  type Raid,
  raidKey,
  saveRule,
  startLockdown,
  startRaid,
} from "./measures";

/** Raid mode, the lockdowns of channels, and the escalation rules. */
export function Protection() {
  return (
    <div className="case">
      <div className="case-column">
        <RaidMode />
      </div>
      <div className="case-column">
        <Lockdowns />
        <Escalations />
      </div>
    </div>
  );
}

function RaidMode() {
  const t = useWords();
  const { data, problem, reload } = useQuery<Raid>(raidKey, fetchRaid);
  return (
    <section className="case-decision" aria-labelledby="raid">
      <h2 id="raid">{t("team.raid")}</h2>
      <p className="muted">{t("team.raid.text")}</p>
      {problem && !data ? <ErrorState problem={problem} onRetry={reload} /> : !data ? <Skeleton rows={3} /> : (
        <>
          <RaidState of={data} />
          <RaidForm key={JSON.stringify(data.rule)} of={data} />
        </>
      )}
    </section>
  );
}

function RaidState({ of }: { of: Raid }) {
  const t = useWords();
  const may = useCan("moderation.filters");
  const mayRestore = useCan("chat.moderate");
  const [busy, setBusy] = useState(false);
  const run = (act: () => Promise<void>) => {
    setBusy(true);
    act().catch((error: unknown) => sayProblem(asProblem(error))).finally(() => setBusy(false));
  };
  const { active } = of;
  return (
    <>
      <p role="status" className={active ? "notice" : ""}>
        {active
          ? (
            <span>
              <b>{t("team.raid.on")}</b> {t("team.until")} <Time at={active.endsAt} />
              {" · "}
              {active.startedBy ? t("team.by", { name: nameOf(active.startedBy) }) : t("team.raid.itself")}
            </span>
          )
          : t("team.raid.off")}
      </p>
      {may && (
        <div className="team-filters">
          {active
            ? (
              <>
                {mayRestore && (
                  <Button look="primary" busy={busy} onClick={() => run(() => endRaid(true))}>
                    {t("team.raid.undo")}
                  </Button>
                )}
                <Button busy={busy} onClick={() => run(() => endRaid(false))}>{t("team.raid.end")}</Button>
              </>
            )
            : <Button icon="shield" busy={busy} onClick={() => run(startRaid)}>{t("team.raid.start")}</Button>}
        </div>
      )}
    </>
  );
}

function RaidForm({ of }: { of: Raid }) {
  const t = useWords();
  const may = useCan("moderation.filters");
  const [rule, setRule] = useState(of.rule);
  const { busy, problem, submit } = useSubmit(rule, async (key) => {
    await saveRule(rule, key);
    say("team.raid.saved");
  });
  const number = (name: "joins" | "accounts" | "slowMode", min: number, max: number) => (
    <TextField
      label={t(`team.raid.${name}`)}
      type="number"
      min={min}
      max={max}
      value={rule[name]}
      fault={problem?.fault(name === "slowMode" ? "slow_mode_s" : name)}
      onChange={(event) => setRule({ ...rule, [name]: Number(event.target.value) || min })}
    />
  );
  return (
    <form className="form" onSubmit={submit}>
      <Check
        label={t("team.raid.enabled")}
        checked={rule.enabled}
        disabled={!may}
        onChange={(enabled) => setRule({ ...rule, enabled })}
      />
      {rule.enabled && (
        <>
          {number("joins", 2, 1000)}
          {number("accounts", 2, 1000)}
        </>
      )}
      {number("slowMode", 0, 3600)}
      <Check
        label={t("team.raid.holds")}
        checked={rule.holds}
        disabled={!may}
        onChange={(holds) => setRule({ ...rule, holds })}
      />
      <SelectField
        label={t("team.raid.door")}
        value={rule.door}
        onChange={(event) => setRule({ ...rule, door: event.target.value as Door })}
      >
        {doors.map((door) => <option key={door} value={door}>{t(`team.raid.door.${door}`)}</option>)}
      </SelectField>
      <FormProblem problem={problem} />
      {may && (
        <div className="form-actions">
          <Button type="submit" busy={busy}>{t("common.save")}</Button>
        </div>
      )}
    </form>
  );
}

function Lockdowns() {
  const t = useWords();
  const may = useCan("chat.moderate");
  const [adds, setAdds] = useState(false);
  const { data, problem, reload } = useQuery<Measure[]>(lockdownsKey, fetchLockdowns);
  const { data: choices } = useQuery("filter-choices", fetchChoices);
  const names = (of: Measure) =>
    of.channels.length === 0
      ? t("team.lock.all")
      : of.channels.map((id) => `# ${choices?.channels.find((each) => each.id === id)?.name ?? "…"}`).join(", ");
  return (
    <section className="case-decision" aria-labelledby="lockdowns">
      <h2 id="lockdowns">{t("team.lock")}</h2>
      <p className="muted">{t("team.lock.text")}</p>
      {problem && !data
        ? <ErrorState problem={problem} onRetry={reload} />
        : !data
        ? <Skeleton rows={2} />
        : data.length === 0
        ? <p>{t("team.lock.none")}</p>
        : (
          <ul role="list" className="case-list" aria-label={t("team.lock")}>
            {data.map((each) => (
              <li key={each.id} className="case-item">
                <div className="grow">
                  <b>{names(each)}</b>
                  <p className="tiny muted">
                    {t("team.until")} <Time at={each.endsAt} />
                    {each.startedBy && <>{" · "}{t("team.by", { name: nameOf(each.startedBy) })}</>}
                    {each.reason && ` · ${each.reason}`}
                  </p>
                </div>
                {may && (
                  <Button
                    onClick={() => void endLockdown(each.id).catch((error: unknown) => sayProblem(asProblem(error)))}
                  >
                    {t("team.lock.end")}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      {may && (
        <div>
          <Button icon="lock" onClick={() => setAdds(true)}>{t("team.lock.start")}</Button>
        </div>
      )}
      {adds && <LockDialog channels={choices?.channels ?? []} onClose={() => setAdds(false)} />}
    </section>
  );
}

const spans = ["600", "3600", "86400"] as const;

function LockDialog({ channels, onClose }: { channels: { id: string; name: string }[]; onClose: () => void }) {
  const t = useWords();
  const [chosen, setChosen] = useState<string[]>([]);
  const [span, setSpan] = useState<string>("3600");
  const [reason, setReason] = useState("");
  const { busy, problem, submit } = useSubmit({ chosen, span, reason }, async (key) => {
    await startLockdown(chosen, Number(span), reason.trim(), key);
    onClose();
  });
  return (
    <Dialog title={t("team.lock.start")} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <fieldset className="filter-choices">
          <legend>{t("team.lock.which")}</legend>
          <Check label={t("team.lock.all")} checked={chosen.length === 0} onChange={() => setChosen([])} />
          {channels.map((channel) => (
            <Check
              key={channel.id}
              label={`# ${channel.name}`}
              checked={chosen.includes(channel.id)}
              onChange={(isOn) =>
                setChosen(isOn ? [...chosen, channel.id] : chosen.filter((each) => each !== channel.id))}
            />
          ))}
        </fieldset>
        <SelectField label={t("team.lock.span")} value={span} onChange={(event) => setSpan(event.target.value)}>
          {spans.map((each) => <option key={each} value={each}>{t(`team.filters.for.${each}`)}</option>)}
        </SelectField>
        <TextField
          label={t("team.reason")}
          optional={t("common.optional")}
          maxLength={500}
          value={reason}
          fault={problem?.fault("reason")}
          onChange={(event) => setReason(event.target.value)}
        />
        <FormFoot verb={t("team.lock.start")} busy={busy} problem={problem} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
