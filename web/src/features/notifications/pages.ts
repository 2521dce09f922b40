import "./notifications.css";
import { becomeSpeaker, tell } from "./aloud";
import { followNotifications as follow } from "./notifications";

export { Bell } from "./Bell";
export { BellLink } from "./BellLink";
export { NotificationSettings } from "./NotificationSettings";
export { NotificationsPage } from "./NotificationsPage";

export function followNotifications(): () => void {
  const leaves = [becomeSpeaker(), follow(tell)];
  return () => leaves.forEach((leave) => leave());
}
