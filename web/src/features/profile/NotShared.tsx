import { useWords } from "../../lib/i18n";
import { EmptyState } from "../../ui/States";
import { type Profile, shownName } from "./profile";

/** In place of a part that the reader may not see. */
export function NotShared({ profile }: { profile: Profile }) {
  const t = useWords();
  return (
    <EmptyState
      icon="lock"
      title={t("profile.private.title")}
      text={t("profile.private.text", { name: shownName(profile) })}
    />
  );
}
