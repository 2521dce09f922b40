import { useEffect, useState } from "react";
import { useWords } from "../../lib/i18n";
import { invalidate, usePages } from "../../lib/query";
import { nameOf, type User } from "../../lib/resources";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextArea } from "../../ui/Field";
import { FormFoot } from "../../ui/FormFoot";
import { More } from "../../ui/More";
import { ErrorState, Skeleton } from "../../ui/States";
import { say } from "../../ui/Toasts";
import { useCan } from "../accounts/session";
import type { Sanction } from "../sanctions/sanctions";
import { type Escalation, fetchSanctions, impose, preview, sanctionsKey } from "./cases";
import { type Choice, Impose, useKinds } from "./Impose";
import { PurgeDialog, Purges } from "./Purges";
import { SanctionRow } from "./SanctionRow";

/** A member's sanctions, and the button to impose one. */
export function MemberSanctions(
  { user, outranks, onSettled }: { user: User; outranks: boolean; onSettled: () => void },
) {
  const t = useWords();
  const filter = { user: user.id };
  const list = usePages<Sanction>(sanctionsKey(filter), (cursor) => fetchSanctions(filter, cursor), {
    about: ["sanctions"],
  });
  const settled = !!list.pages || !!list.problem;
  useEffect(() => {
    if (settled) onSettled();
  }, [settled]);
  const kinds = useKinds();
  const [acts, setActs] = useState(false);
  const mayPurge = useCan("chat.moderate");
  const [purges, setPurges] = useState(false);
  return (
    <section className="stack tight" aria-labelledby="member-sanctions">
      <div className="team-head">
        <h3 id="member-sanctions" className="section-title">{t("team.tab.sanctions")}</h3>
        {outranks && kinds.length > 0 && (
          <Button icon="shield" onClick={() => setActs(true)}>{t("team.sanction")}</Button>
        )}
        {outranks && mayPurge && <Button onClick={() => setPurges(true)}>{t("team.purge")}</Button>}
      </div>
      {list.problem && !list.pages
        ? <ErrorState problem={list.problem} onRetry={list.reload} />
        : !list.pages
        ? <Skeleton rows={2} shape="card" />
        : list.pages.items.length === 0
        ? <p className="muted">{t("team.member.none")}</p>
        : (
          <>
            <ul role="list" className="sanctions" aria-label={t("team.tab.sanctions")}>
              {list.pages.items.map((each) => <SanctionRow key={each.id} sanction={each} lifts={outranks} />)}
            </ul>
            <More list={list} />
          </>
        )}
      <Purges user={user} />
      {purges && <PurgeDialog user={user} onClose={() => setPurges(false)} />}
      {acts && <SanctionDialog user={user} onClose={() => setActs(false)} />}
    </section>
  );
}

/** The dialog that sanctions a member. */
function SanctionDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const t = useWords();
  const kinds = useKinds();
  const [choice, setChoice] = useState<Choice>({ kind: kinds[0] ?? "warn", duration: "86400", reason: "" });
  const [note, setNote] = useState("");
  const [known, setKnown] = useState<{ escalation: Escalation | null; inForce: Sanction[] }>({
    escalation: null,
    inForce: [],
  });
  useEffect(() => void preview(user.id).then(setKnown, () => undefined), [user.id]);
  const { busy, problem, submit } = useSubmit({ ...choice, note }, async (key) => {
    if (choice.kind === "none") return;
    const { escalation } = await impose(
      user.id,
      choice.kind,
      choice.reason,
      choice.duration ? Number(choice.duration) : null,
      note,
      key,
    );
    invalidate("sanctions");
    invalidate(`user:${user.id}`);
    const added = escalation?.kind;
    say(added ? `team.said.escalated.${added as "mute"}` : "team.said.imposed", { name: nameOf(user) });
    onClose();
  });
  return (
    <Dialog title={t("team.sanction.title", { name: nameOf(user) })} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <Impose
          kinds={kinds}
          value={choice}
          onChange={setChoice}
          fault={(field) => problem?.fault(field)}
          escalation={known.escalation}
          inForce={known.inForce}
        />
        <TextArea
          label={t("team.noteLabel")}
          hint={t("team.noteHint")}
          optional={t("common.optional")}
          maxLength={2000}
          value={note}
          fault={problem?.fault("note")}
          onChange={(event) => setNote(event.target.value)}
        />
        <FormFoot verb={t("team.sanction")} look="danger" busy={busy} problem={problem} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
