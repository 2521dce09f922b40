// Live statistics and alerts: charts that few open.
export { AlertsRoute, AnalyticsPage, VisitsPage } from "../features/analytics/pages";
