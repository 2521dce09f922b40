export const en = {
  "notify.all": "All notifications",
  "notify.settings": "Notification settings",
  "notify.tab.all": "All",
  "notify.tab.unread": "Unread",
  "notify.kind": "Notify me when",
  "notify.inApp": "Here",
  "notify.browser": "Browser",
  "notify.browser.ask": "Your browser can notify you while Foyer is open in a tab.",
  "notify.browser.allow": "Allow",
  "notify.browser.denied": "Your browser blocks notifications of this site. You can allow them in its settings.",
  "notify.kind.friend.requested": "Somebody asks to be my friend",
  "notify.kind.friend.accepted": "Somebody accepts my request",
  "notify.kind.friend.online": "A friend comes online",
  "notify.kind.message.direct": "I receive a direct message",
  "notify.kind.message.mention": "Somebody mentions me",
  "notify.kind.message.reaction": "Somebody reacts to my message",
  "notify.kind.call.missed": "I miss a call",
  "notify.kind.role.assigned": "I am given a role",
  "notify.kind.role.revoked": "A role is removed from me",
  "notify.kind.user.banned": "My account is restricted",
} as const;

export type NotificationWords = typeof en;
