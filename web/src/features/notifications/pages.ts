import "./notifications.css";
import { becomeSpeaker, tell } from "./aloud";
import { followNotifications as follow } from "./notifications";

export { NotificationSettings } from "./NotificationSettings";
export { NotificationsPage } from "./NotificationsPage";
export { Recent } from "./Recent";

export function followNotifications(): () => void {
  const leaves = [becomeSpeaker(), follow(tell)];
  return () => leaves.forEach((leave) => leave());
}
