import "./moderation.css";
import type { PageProps } from "../../contract/page";
import { CasePage } from "./CasePage";
import { FilterPage } from "./FilterEditor";
import { ModerationPage } from "./ModerationPage";

export { followCases } from "./cases";
export { MemberSanctions } from "./MemberSanctions";

/** The page of moderation: its tabs, one case or one filter. */
export function ModerationPages({ params }: PageProps) {
  const { tab, id } = params;
  if (tab === "filters" && id) return <FilterPage key={id} name={decodeURIComponent(id)} />;
  return tab === "cases" && id ? <CasePage key={id} id={id} /> : <ModerationPage tab={tab ?? null} />;
}
