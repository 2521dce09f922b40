import type { PageProps } from "../../contract/page";
import SettingsPage from "./SettingsPage";

export function OwnSettings({ params }: PageProps) {
  return <SettingsPage tab={params["tab"] ?? null} />;
}
