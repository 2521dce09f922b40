import "./moderation.css";
import type { PageProps } from "../../contract/page";
import { CasePage } from "./CasePage";
import { ModerationPage } from "./ModerationPage";

export { followCases } from "./cases";
export { MemberSanctions } from "./MemberSanctions";

/** The page of moderation: its tabs, or one case. */
export function ModerationPages({ params }: PageProps) {
  const { tab, id } = params;
  return tab === "cases" && id ? <CasePage key={id} id={id} /> : <ModerationPage tab={tab ?? null} />;
}
