import type { PageProps } from "../../contract/page";
import { AlertEditor } from "./AlertEditor";
import { AlertsPage } from "./AlertsPage";
// The widths of the page come last.
import "./charts.css";
import "./lists.css";
import "./analytics.css";
import "./alerts.css";
import "./visits.css";

export { AnalyticsPage } from "./AnalyticsPage";
export { VisitsPage } from "./VisitsPage";

/** The list, or one alert. */
export function AlertsRoute({ params }: PageProps) {
  const id = params["id"];
  return id ? <AlertEditor key={id} id={id === "new" ? null : id} /> : <AlertsPage />;
}
