// French words of the panel’s list of roles.
import type { Entry } from "../../lib/i18n";
import type { en } from "./roles.en";

export const fr: Record<keyof typeof en, Entry> = {
  "roles.count": { one: "{count} rôle", other: "{count} rôles" },
  "roles.lead":
    "Vous ne pouvez gérer que les rôles inférieurs à votre rôle le plus élevé. Un refus l’emporte toujours.",
  "roles.column.role": "Rôle",
  "roles.column.permissions": "Permissions",
  "roles.column.order": "Ordre",
  "roles.open": "Ouvrir",
  "roles.denies": { one: "{count} refusée", other: "{count} refusées" },
  "roles.empty.title": "Aucun rôle",
  "roles.empty.text": "Créez un rôle pour donner des permissions aux membres.",
  "roles.part": "{name} ({count} sur {all})",
  "roles.nothing": "Aucune permission propre",
  "roles.buildsOn": "hérite de {roles}",
  "roles.tab.live": "Actifs",
  "roles.tab.deleted": "Supprimés",
  "roles.deletedList": "Rôles supprimés",
  "roles.deletedAt": "supprimé {date}",
  "roles.noDeleted.title": "Aucun rôle supprimé",
  "roles.noDeleted.text": "Les rôles supprimés sont listés ici avec leurs membres et peuvent être restaurés.",
  "roles.restore": "Restaurer le rôle {role}",
  "roles.move": "Déplacer {role}",
  "roles.moveUp": "Monter",
  "roles.moveDown": "Descendre",
  "roles.moveHint": "Espace pour saisir, flèches pour déplacer, Espace pour déposer, Échap pour annuler.",
  "roles.moved": "Rôle « {role} » déplacé",
  "roles.news.picked": "{role} saisi, position {at} sur {of}",
  "roles.news.moved": "{role}, position {at} sur {of}",
  "roles.news.dropped": "{role} déposé en position {at} sur {of}",
  "roles.news.back": "{role} remis en position {at} sur {of}",
  "roles.members.kept": { one: "{count} ancien membre", other: "{count} anciens membres" },
  "roles.members": { one: "{count}", other: "{count}" },
  "roles.search": "Rechercher un rôle",
};
