import type { PageProps } from "../../contract/page";
import { JoiningPage } from "./JoiningPage";

export function RequestsPage({ params }: PageProps) {
  return <JoiningPage tab={params["tab"] ?? null} />;
}
