import "./audit.css";
import type { PageProps } from "../../contract/page";
import type { User } from "../../lib/resources";
import { useCan } from "../accounts/session";
import { AuditPage } from "./AuditPage";
import { BannedBy, ModerationActs } from "./ModerationActs";
import { UserAudit, UserHistory } from "./UserHistory";

export function LogPage({ params }: PageProps) {
  return <AuditPage id={params["id"] ?? null} />;
}

export function MemberHistory({ user }: { user: User }) {
  const audits = useCan("audit.read");
  const seesPresence = useCan("presence.history");
  return <UserHistory key={user.id} user={user} audits={audits} seesPresence={seesPresence} />;
}

export const MemberAudit = ({ user }: { user: User }) => <UserAudit key={user.id} user={user} />;
export const MemberBanned = ({ user }: { user: User }) => <BannedBy key={user.id} user={user} />;
export const MemberActs = ({ user }: { user: User }) => <ModerationActs key={user.id} user={user} />;
