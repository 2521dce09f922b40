// Where everybody begins.
export { Home } from "../features/home/pages";
