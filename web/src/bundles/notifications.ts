// Notifications: the latest, their page, their settings, and what follows them.
export { followNotifications, NotificationSettings, NotificationsPage, Recent } from "../features/notifications/pages";
