import { useState } from "react";
import { post } from "../../lib/api";
import { useLanguage, useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { FormProblem, Skeleton } from "../../ui/States";
import { doorKey, fetchDoor } from "./door";
import { refreshSession, useSession } from "./session";

/** The site's rules have changed since I accepted them, or I never did: a line that says so until I have. */
export function NewRules() {
  const t = useWords();
  const { rules } = useSession();
  const [open, setOpen] = useState(false);
  if (rules === null) return null;
  return (
    <>
      <div className="rules-banner" role="status">
        <Icon name="audit" />
        <span>{t("rules.new")}</span>
        <Button onClick={() => setOpen(true)}>{t("rules.read")}</Button>
      </div>
      {open && <RulesDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function RulesDialog({ onClose }: { onClose: () => void }) {
  const t = useWords();
  const of = useLanguage();
  const { data: door, problem: unread } = useQuery(doorKey, fetchDoor);
  const version = door?.rules?.version ?? 0;
  const { busy, problem, submit } = useSubmit(version, async () => {
    await post("/auth/rules", { version });
    refreshSession();
    onClose();
  });
  return (
    <Dialog
      title={t("join.rules")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("rules.later")}</Button>
          <Button look="primary" busy={busy} disabled={version === 0} onClick={() => submit()}>
            {t("rules.accept")}
          </Button>
        </>
      }
    >
      <div className="stack tight">
        {door && <p className="rules-plain">{door.rules?.text[of]}</p>}
        {!door && !unread && <Skeleton rows={4} shape="line" />}
        <FormProblem problem={problem ?? unread} />
      </div>
    </Dialog>
  );
}
