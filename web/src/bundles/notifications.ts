// Notifications: the bell, their page, their settings, and what follows them.
export {
  Bell,
  BellLink,
  followNotifications,
  NotificationSettings,
  NotificationsPage,
} from "../features/notifications/pages";
