import type { NotificationWords } from "./words.en";

export const fr: Record<keyof NotificationWords, string> = {
  "notify.all": "Toutes les notifications",
  "notify.settings": "Réglages des notifications",
  "notify.tab.all": "Toutes",
  "notify.tab.unread": "Non lues",
  "notify.kind": "Me prévenir quand",
  "notify.inApp": "Ici",
  "notify.browser": "Navigateur",
  "notify.browser.ask": "Votre navigateur peut vous prévenir tant que Foyer est ouvert dans un onglet.",
  "notify.browser.allow": "Autoriser",
  "notify.browser.denied":
    "Votre navigateur bloque les notifications de ce site. Vous pouvez les autoriser dans ses réglages.",
  "notify.kind.friend.requested": "Quelqu’un me demande en ami",
  "notify.kind.friend.accepted": "Quelqu’un accepte ma demande",
  "notify.kind.friend.online": "Un ami se connecte",
  "notify.kind.message.direct": "Je reçois un message direct",
  "notify.kind.message.mention": "Quelqu’un me mentionne",
  "notify.kind.message.reaction": "Quelqu’un réagit à mon message",
  "notify.kind.call.missed": "Je manque un appel",
  "notify.kind.role.assigned": "Un rôle m’est attribué",
  "notify.kind.role.revoked": "Un rôle m’est retiré",
  "notify.kind.user.banned": "Mon compte est restreint",
};
