import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { useQuery } from "../../lib/query";
import { nameOf, type User } from "../../lib/resources";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { SelectField } from "../../ui/Field";
import { FormFoot } from "../../ui/FormFoot";
import { Time } from "../../ui/Time";
import { say, sayProblem } from "../../ui/Toasts";
import { fetchPurges, type Purge, purge, purgesKey, undoPurge } from "./measures";

const spans = ["600", "3600", "86400", "604800"] as const;

/** The purges of a member's messages, with the way back. */
export function Purges({ user }: { user: User }) {
  const t = useWords();
  const { data } = useQuery<Purge[]>(purgesKey(user.id), () => fetchPurges(user.id));
  if (!data || data.length === 0) return null;
  return (
    <ul role="list" className="case-list" aria-label={t("team.purges")}>
      {data.map((each) => (
        <li key={each.id} className="case-item">
          <span className="grow">
            {t("team.purge.line", { count: each.count })}{" "}
            <span className="tiny muted">
              {" · "}
              <Time at={each.createdAt} />
            </span>
          </span>
          {each.undoneAt ? <span className="tiny muted">{t("team.act.undone")}</span> : (
            <Button
              onClick={() => void undoPurge(user.id, each.id).catch((error: unknown) => sayProblem(asProblem(error)))}
            >
              {t("team.purge.undo")}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Asks how far back a member's messages are to be hidden. */
export function PurgeDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const t = useWords();
  const [span, setSpan] = useState<string>("3600");
  const { busy, problem, submit } = useSubmit(span, async (key) => {
    const made = await purge(user.id, Number(span), key);
    say(made.more ? "team.purge.more" : "team.purge.done", { count: made.count });
    onClose();
  });
  return (
    <Dialog title={t("team.purge.title", { name: nameOf(user) })} onClose={onClose} width="small">
      <form className="form" onSubmit={submit}>
        <p className="muted">{t("team.purge.text")}</p>
        <SelectField label={t("team.purge.span")} value={span} onChange={(event) => setSpan(event.target.value)}>
          {spans.map((each) => <option key={each} value={each}>{t(`team.purge.for.${each}`)}</option>)}
        </SelectField>
        <FormFoot verb={t("team.purge")} look="danger" busy={busy} problem={problem} onCancel={onClose} />
      </form>
    </Dialog>
  );
}
