// French words of the page of members online.
import type { Entry } from "../../lib/i18n";
import type { en } from "./board.en";

export const fr: Record<keyof typeof en, Entry> = {
  "board.title": "En ligne",
  "board.count": { one: "{count} personne", other: "{count} personnes" },
  "board.filters": "Filtrer les membres en ligne",
  "board.search": "Nom ou activité",
  "board.by": "Grouper par",
  "board.by.status": "Statut",
  "board.by.role": "Rôle",
  "board.by.activity": "Activité",
  "board.noRole": "Sans rôle",
  "board.noActivity": "Sans activité",
  "board.more": { one: "En afficher {count} de plus", other: "En afficher {count} de plus" },
  "board.rest": { one: "{count} non affichée", other: "{count} non affichées" },
  "board.reading": "Chargement des membres en ligne",
  "board.readingOf": "{read} sur {total}",
  "board.notWhole": "Les {count} premières personnes sont affichées. Filtrez pour voir les autres.",
  "board.none.title": "Aucun membre en ligne ne correspond",
  "board.none.text": "Modifiez ou effacez les filtres.",
  "board.clear": "Effacer les filtres",
  "board.empty.title": "Personne n’est en ligne",
  "board.empty.text":
    "Les membres apparaissent ici dès qu’ils sont en ligne. Les membres invisibles ne sont pas affichés.",
  "board.open": "Ouvrir la fiche",
  "board.history": "Historique",
};
