import "./dashboard.css";
export { Dashboard } from "./Dashboard";
