import "./moderation.css";
import type { PageProps } from "../../contract/page";
import { CasePage } from "./CasePage";
import { ModerationPage } from "./ModerationPage";

export { followCases, open } from "./cases";
export { MemberSanctions } from "./MemberSanctions";

/** The space of moderation: its tabs, or one case. */
export function ModerationPages({ params }: PageProps) {
  const { tab, id } = params;
  return tab === "cases" && id ? <CasePage key={id} id={id} /> : <ModerationPage tab={tab ?? null} />;
}
