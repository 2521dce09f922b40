import { Slot } from "../../contract/Part";
import { useWords } from "../../lib/i18n";
import { modulesOn } from "../../lib/modules";
import { navigate } from "../../lib/router";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Page } from "../../ui/Page";
import { Segmented } from "../../ui/Segmented";
import { Skeleton } from "../../ui/States";
import { Tabs } from "../../ui/Tabs";
import { density, setDensity, setTheme, theme } from "../../ui/theme";
import { ChangeEmail } from "../accounts/ChangeEmail";
import { ChangePassword } from "../accounts/ChangePassword";
import { Leave } from "../accounts/Leave";
import { OwnData } from "../accounts/OwnData";
import { SecondFactor } from "../accounts/SecondFactor";
import { Sessions } from "../accounts/Sessions";
import { signOut } from "../accounts/session";
import { ApiKeys } from "../keys/ApiKeys";
import { Profile } from "./Profile";

const tabs = [
  "profile",
  "appearance",
  "notifications",
  "security",
  "sessions",
  "keys",
  "sanctions",
  "account",
] as const;

/** What is mine: how the app looks here, how and where I am signed in, my keys, the way out. */
export default function SettingsPage({ tab }: { tab: string | null }) {
  const t = useWords();
  const modules = useStore(modulesOn);
  const tells = modules?.includes("notifications") ?? true;
  const moderates = modules?.includes("moderation") ?? true;
  const current = tabs.find((each) => each === tab) ?? "profile";
  return (
    <Page title={t("nav.settings")}>
      <Tabs
        label={t("nav.settings")}
        tabs={tabs.filter((each) => (each !== "notifications" || tells) && (each !== "sanctions" || moderates)).map((
          each,
        ) => ({
          id: each,
          label: t(`settings.tab.${each}`),
        }))}
        value={current}
        onChange={(next) => navigate(next === "profile" ? "/settings" : `/settings/${next}`, { replace: true })}
      >
        {current === "profile" && <Profile />}
        {current === "appearance" && <Appearance />}
        {current === "notifications" && <Slot name="settings.notifications" />}
        {current === "security" && <Security />}
        {current === "sessions" && <SessionsTab />}
        {current === "keys" && <KeysTab />}
        {current === "sanctions" && <Slot name="settings.sanctions" />}
        {current === "account" && <Account />}
      </Tabs>
    </Page>
  );
}

/** The way out, for now and for good: apart from what is changed every day. */
function Account() {
  const t = useWords();
  return (
    <div className="stack settings-list">
      <div className="setting">
        <div>
          <h2>{t("settings.signOut")}</h2>
          <p className="muted tiny">{t("settings.signOutHint")}</p>
        </div>
        <Button icon="out" onClick={() => void signOut()}>{t("settings.signOut")}</Button>
      </div>
      <section className="stack tight" aria-labelledby="account-data">
        <h2 id="account-data">{t("data.title")}</h2>
        <OwnData />
      </section>
      <section className="stack tight danger-zone" aria-labelledby="account-leave">
        <h2 id="account-leave">{t("leave.heading")}</h2>
        <Leave />
      </section>
    </div>
  );
}

function Appearance() {
  const t = useWords();
  const wanted = useStore(theme);
  const room = useStore(density);
  return (
    <div className="settings">
      <div className="setting">
        <div>
          <h2>{t("settings.theme")}</h2>
          <p className="muted tiny">{t("settings.themeHint")}</p>
        </div>
        <Segmented
          legend={t("settings.theme")}
          value={wanted}
          onChange={setTheme}
          segments={(["system", "light", "dark"] as const).map((value) => ({
            value,
            label: t(`settings.theme.${value}`),
          }))}
        />
      </div>
      <div className="setting">
        <div>
          <h2>{t("settings.density")}</h2>
          <p className="muted tiny">{t("settings.densityHint")}</p>
        </div>
        <Segmented
          legend={t("settings.density")}
          value={room}
          onChange={setDensity}
          segments={(["comfortable", "compact"] as const).map((value) => ({
            value,
            label: t(`settings.density.${value}`),
          }))}
        />
      </div>
    </div>
  );
}

function SessionsTab() {
  const t = useWords();
  return (
    <div className="stack settings-list">
      <p className="notice">
        <Icon name="info" />
        {t("sessions.lead")}
      </p>
      <Sessions />
    </div>
  );
}

function Security() {
  const t = useWords();
  return (
    <div className="stack settings-list">
      <section className="stack tight" aria-labelledby="security-factor">
        <h2 id="security-factor">{t("factor.title")}</h2>
        <SecondFactor />
      </section>
      <section className="stack tight" aria-labelledby="security-passkeys">
        <h2 id="security-passkeys">{t("settings.passkeys")}</h2>
        <Slot name="security.passkeys" coming={<Skeleton rows={2} />} />
      </section>
      <section className="stack tight" aria-labelledby="security-password">
        <h2 id="security-password">{t("signIn.password")}</h2>
        <ChangePassword />
      </section>
      <section className="stack tight" aria-labelledby="security-email">
        <h2 id="security-email">{t("user.email")}</h2>
        <ChangeEmail />
      </section>
      <Slot name="settings.connected" />
    </div>
  );
}

function KeysTab() {
  const t = useWords();
  return (
    <div className="stack settings-list">
      <p className="notice">
        <Icon name="info" />
        {t("keys.lead")}
      </p>
      <ApiKeys />
    </div>
  );
}
