import { useState } from "react";
import { setLanguage, useLanguage, useWords } from "../../lib/i18n";
import { nameOf } from "../../lib/resources";
import { navigate } from "../../lib/router";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Page } from "../../ui/Page";
import { Segmented } from "../../ui/Segmented";
import { Tabs } from "../../ui/Tabs";
import { setTheme, theme } from "../../ui/theme";
import { ChangeEmail } from "../accounts/ChangeEmail";
import { ChangePassword } from "../accounts/ChangePassword";
import { Leave } from "../accounts/Leave";
import { SecondFactor } from "../accounts/SecondFactor";
import { Sessions } from "../accounts/Sessions";
import { signOut, useSession } from "../accounts/session";
import { ChangeAvatar } from "../users/ChangeAvatar";
import { ApiKeys } from "../keys/ApiKeys";
import { Avatar } from "../presence/Avatar";
import { RoleChips } from "../roles/RoleChip";

const tabs = ["appearance", "security", "sessions", "keys"] as const;

/** What is mine: how the app looks here, how and where I am signed in, my keys, the way out. */
export default function SettingsPage({ tab }: { tab: string | null }) {
  const t = useWords();
  const current = tabs.find((each) => each === tab) ?? "appearance";
  return (
    <Page title={t("nav.settings")}>
      <Account />
      <Tabs
        label={t("nav.settings")}
        tabs={tabs.map((each) => ({ id: each, label: t(`settings.tab.${each}`) }))}
        value={current}
        onChange={(next) => navigate(next === "appearance" ? "/settings" : `/settings/${next}`, { replace: true })}
      >
        {current === "appearance" && <Appearance />}
        {current === "security" && <Security />}
        {current === "sessions" && <SessionsTab />}
        {current === "keys" && <KeysTab />}
      </Tabs>
    </Page>
  );
}

function Account() {
  const t = useWords();
  const { user } = useSession();
  const [changing, setChanging] = useState(false);
  return (
    <section className="card account" aria-label={t("settings.account")}>
      <Avatar user={user} size="large" />
      <div className="who-text">
        <div className="sheet-name">{nameOf(user)}</div>
        <div className="tiny muted cut">@{user.username}{user.email && ` · ${user.email}`}</div>
        <RoleChips ids={user.roles} />
      </div>
      <Button icon="user" onClick={() => setChanging(true)}>{t("avatar.change")}</Button>
      {changing && <ChangeAvatar user={user} onClose={() => setChanging(false)} />}
      <Button
        icon="out"
        onClick={() => void signOut()}
      >
        {t("settings.signOut")}
      </Button>
    </section>
  );
}

function Appearance() {
  const t = useWords();
  const of = useLanguage();
  const wanted = useStore(theme);
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
          <h2>{t("settings.language")}</h2>
          <p className="muted tiny">{t("settings.languageHint")}</p>
        </div>
        <Segmented
          legend={t("settings.language")}
          value={of}
          onChange={setLanguage}
          segments={[{ value: "fr", label: "Français" }, { value: "en", label: "English" }]}
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
      <section className="stack tight" aria-labelledby="security-password">
        <h2 id="security-password">{t("signIn.password")}</h2>
        <ChangePassword />
      </section>
      <section className="stack tight" aria-labelledby="security-email">
        <h2 id="security-email">{t("user.email")}</h2>
        <ChangeEmail />
      </section>
      <section className="stack tight" aria-labelledby="security-leave">
        <h2 id="security-leave">{t("leave.heading")}</h2>
        <Leave />
      </section>
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
