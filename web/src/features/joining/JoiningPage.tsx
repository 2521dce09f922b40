import { useWords } from "../../lib/i18n";
import { forbidden } from "../../lib/problem";
import { navigate } from "../../lib/router";
import { Page } from "../../ui/Page";
import { ErrorState } from "../../ui/States";
import { Tabs } from "../../ui/Tabs";
import { useCan } from "../accounts/session";
import { DoorSettings } from "./DoorSettings";
import { Invitations } from "./Invitations";
import { Requests } from "./Requests";

/** Who may come in: those who ask, the links that are out, and how the door stands. */
export function JoiningPage({ tab }: { tab: string | null }) {
  const t = useWords();
  const reviews = useCan("registrations.review");
  const invites = useCan("invitations.manage");
  const steers = useCan("settings.read");
  const tabs = [
    ...(reviews ? ["requests" as const] : []),
    ...(invites ? ["invitations" as const] : []),
    ...(steers ? ["door" as const] : []),
  ];
  const current = tabs.find((each) => each === tab) ?? tabs[0];
  if (!current) {
    return (
      <Page title={t("nav.joining")}>
        <ErrorState problem={forbidden(t("problem.needs", { key: "registrations.review" }))} />
      </Page>
    );
  }
  return (
    <Page title={t("nav.joining")}>
      <Tabs
        label={t("nav.joining")}
        tabs={tabs.map((each) => ({ id: each, label: t(`joining.tab.${each}`) }))}
        value={current}
        onChange={(next) => navigate(`/panel/requests/${next}`, { replace: true })}
      >
        {current === "requests" && <Requests />}
        {current === "invitations" && <Invitations />}
        {current === "door" && <DoorSettings />}
      </Tabs>
    </Page>
  );
}
