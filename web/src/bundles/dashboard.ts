// What the team sees first of the panel.
export { Dashboard } from "../features/dashboard/pages";
