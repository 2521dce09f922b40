import { useState } from "react";
import { post } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { asProblem, type Problem } from "../../lib/problem";
import { navigate } from "../../lib/router";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { FormProblem } from "../../ui/States";
import { PickPeople } from "./PickPeople";
import { takeConversation } from "./store";

/** A conversation with one person, or a group of several. */
export function NewConversation({ onClose }: { onClose: () => void }) {
  const t = useWords();
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const begin = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const body = { members: picked, ...(picked.length > 1 && name.trim() ? { name: name.trim() } : {}) };
      const made = takeConversation(await post<unknown>("/conversations", body));
      onClose();
      navigate(`/direct/${made.id}`);
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t("chat.begin")}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button look="primary" busy={busy} disabled={picked.length === 0} onClick={() => void begin()}>
            {t("chat.begin.go")}
          </Button>
        </>
      }
    >
      <PickPeople picked={picked} onChange={setPicked} />
      {picked.length > 1 && (
        <TextField
          label={t("chat.groupName")}
          optional={t("common.optional")}
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      )}
      <FormProblem problem={problem} />
    </Dialog>
  );
}
