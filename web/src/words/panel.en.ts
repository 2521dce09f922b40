// English words of the panel’s pages, fetched as one with their bundle.
import { en as audit } from "./panel/audit.en";
import { en as board } from "./panel/board.en";
import { en as dashboard } from "./panel/dashboard.en";
import { en as joining } from "./panel/joining.en";
import { en as members } from "./panel/members.en";
import { en as roles } from "./panel/roles.en";

export const en = { ...audit, ...board, ...dashboard, ...joining, ...members, ...roles };
