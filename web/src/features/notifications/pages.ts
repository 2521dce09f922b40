import { gateway } from "../../lib/live";
import { peekQuery, watchQuery } from "../../lib/query";
import { becomeSpeaker, tell } from "./aloud";
import { fetchPreferences, followNotifications as follow, type Preferences, preferencesKey } from "./notifications";

export { Bell } from "./Bell";
export { NotificationSettings } from "./NotificationSettings";
export { NotificationsPage } from "./NotificationsPage";

export function followNotifications(): () => void {
  const leaves = [
    becomeSpeaker(),
    watchQuery(preferencesKey, fetchPreferences, { fresh: 600_000 }),
    follow(
      (type, listener) => gateway.on(type, listener),
      (notification) =>
        tell(notification, peekQuery<Preferences>(preferencesKey).data?.kinds[notification.kind]?.browser ?? false),
    ),
  ];
  return () => leaves.forEach((leave) => leave());
}
