import { useWords } from "../../lib/i18n";
import { useStore } from "../../lib/store";
import { useCan } from "../accounts/session";
import { current, elsewhere, starting } from "./calls";
import { canCall } from "./devices";
import { Drawn } from "./icons";
import { startCall } from "./session";

/** Calls somebody; not there for those who may not, nor on a page that cannot have a microphone. */
export function CallButton({ user, called }: { user: string; called: string }) {
  const t = useWords();
  const may = useCan("voice.join");
  const isBusy = useStore(starting);
  const [here, there] = [useStore(current), useStore(elsewhere)];
  if (!may || !canCall()) return null;
  const label = t("voice.call", { name: called });
  return (
    <button
      type="button"
      className="icon-btn"
      aria-label={label}
      title={label}
      aria-disabled={isBusy || here !== null || there !== null || undefined}
      onClick={() => !isBusy && !here && void startCall(user)}
    >
      <Drawn name="phone" />
    </button>
  );
}
