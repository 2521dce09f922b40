import "./members.css";
import "./bulk.css";
import "./moderation.css";
import "./why.css";
import type { PageProps } from "../../contract/page";
import { PersonName } from "./PersonName";
import { UsersPage } from "./UsersPage";

export function MembersPage({ params }: PageProps) {
  return <UsersPage id={params["id"] ?? null} tab={params["tab"] ?? null} />;
}

export { PersonName };
export { WhoCanPage } from "./WhoCanPage";
