// Notifications: the bell, their page, their settings, and what follows them.
export { Bell, followNotifications, NotificationSettings, NotificationsPage } from "../features/notifications/pages";
