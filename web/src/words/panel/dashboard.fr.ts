// French words of the dashboard.
import type { Entry } from "../../lib/i18n";
import type { en } from "./dashboard.en";

export const fr: Record<keyof typeof en, Entry> = {
  "dashboard.here": "En ligne",
  "dashboard.share": "{value} % des membres",
  "dashboard.members": "Membres",
  "dashboard.membersFoot": "au total",
  "dashboard.roles": "Rôles",
  "dashboard.rolesFoot": { one: "dont {count} personnalisé", other: "dont {count} personnalisés" },
  "dashboard.changes": "Changements de rôle",
  "dashboard.lastHour": "dans la dernière heure",
  "dashboard.split": "Membres par statut",
  "dashboard.byRole": "Membres par rôle",
  "dashboard.recent": "Vus récemment",
  "dashboard.all": "Tous les membres",
  "dashboard.requests": "Demandes en attente",
  "dashboard.requestsFoot": "à traiter",
  "feed.title": "Activité",
  "feed.none.title": "Aucune activité",
  "feed.none.text": "Les changements de rôles, de membres et de statuts s’affichent ici en direct.",
  "feed.someone": "un ancien membre",
  "checklist.title": "Premiers pas",
  "checklist.dismiss": "Masquer la liste",
  "checklist.done": "(fait)",
  "checklist.open": "Choisir qui peut s’inscrire",
  "checklist.invite": "Inviter vos premiers membres",
  "checklist.roles": "Créer un rôle pour votre équipe",
  "checklist.factor": "Activer le second facteur",
};
