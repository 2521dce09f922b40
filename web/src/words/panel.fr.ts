// French words of the panel’s pages, fetched as one with their bundle.
import { fr as audit } from "./panel/audit.fr";
import { fr as board } from "./panel/board.fr";
import { fr as dashboard } from "./panel/dashboard.fr";
import { fr as joining } from "./panel/joining.fr";
import { fr as members } from "./panel/members.fr";
import { fr as roles } from "./panel/roles.fr";

export const fr = { ...audit, ...board, ...dashboard, ...joining, ...members, ...roles };
