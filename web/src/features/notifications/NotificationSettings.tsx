import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { ErrorState, Skeleton } from "../../ui/States";
import { askPermission, canTell, permission } from "./aloud";
import { setPreference, usePreferences } from "./notifications";

const kinds = [
  "friend.requested",
  "friend.accepted",
  "friend.online",
  "message.direct",
  "message.mention",
  "message.reaction",
  "call.missed",
  "role.assigned",
  "role.revoked",
  "user.banned",
] as const;

/** The preferences for each kind: in the app and in the browser. */
export function NotificationSettings() {
  const t = useWords();
  const { data, problem, reload } = usePreferences();
  const [allowed, setAllowed] = useState(permission);
  if (problem && !data) return <ErrorState problem={problem} onRetry={reload} />;
  if (!data) return <Skeleton rows={6} shape="line" />;
  return (
    <div className="stack settings-list">
      {canTell() && allowed === "default" && (
        <p className="notice">
          <Icon name="bell" />
          <span className="grow">{t("notify.browser.ask")}</span>
          <Button onClick={() => void askPermission().then(setAllowed)}>{t("notify.browser.allow")}</Button>
        </p>
      )}
      {allowed === "denied" && (
        <p className="notice">
          <Icon name="bellOff" />
          {t("notify.browser.denied")}
        </p>
      )}
      <table className="notify-table">
        <caption className="hidden">{t("nav.notifications")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("notify.kind")}</th>
            <th scope="col">{t("notify.inApp")}</th>
            <th scope="col">{t("notify.browser")}</th>
          </tr>
        </thead>
        <tbody>
          {kinds.filter((kind) => data.kinds[kind]).map((kind) => (
            <tr key={kind}>
              <th scope="row">{t(`notify.kind.${kind}`)}</th>
              {(["in_app", "browser"] as const).map((way) => (
                <td key={way}>
                  <label className="notify-cell">
                    <input
                      type="checkbox"
                      checked={data.kinds[kind]?.[way] ?? false}
                      aria-label={`${t(`notify.kind.${kind}`)}: ${
                        t(way === "in_app" ? "notify.inApp" : "notify.browser")
                      }`}
                      onChange={(event) => void setPreference(kind, way, event.target.checked)}
                    />
                  </label>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
