import { memo, useId, useState } from "react";
import { useWords, type Words } from "../../lib/i18n";
import { nameOf, type Presence, type Status } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { Link } from "../../ui/Link";
import { useCan } from "../accounts/session";
import { Avatar } from "../presence/Avatar";
import { usePresence } from "../presence/presences";
import { ActivityLine, StatusLine } from "../presence/StatusLine";
import { StatusMark } from "../presence/StatusMark";
import { RoleChips, RoleDot } from "../roles/RoleChip";
import { roles } from "../roles/roles";
import { StatusMenu } from "../users/StatusMenu";
import type { BoardPerson, Group, Order } from "./groups";
import { roleTitle } from "../../lib/roleTitle";

/** What a group shows at first, and how many more at a time: thousands of them need not be in the page. */
const first = 24;
const step = 96;

export function BoardGroup({ by, group }: { by: Order; group: Group }) {
  const t = useWords();
  const id = useId();
  const [most, setMost] = useState(first);
  const byId = useStore(roles, (all) => all.byId);
  const role = by === "role" && group.key !== null ? byId[group.key] : undefined;
  const rest = group.people.length - most;
  return (
    <section className="board-group" aria-labelledby={id}>
      <h2 id={id} className="group-title">
        {by === "status" && <StatusMark status={(group.key ?? "online") as Status} silent />}
        {role && <RoleDot role={role} />}
        <span className="cut">{role ? roleTitle(role.name, t) : title(by, group, t)}</span>{" "}
        <span className="num">{t("figure", { value: group.people.length })}</span>
      </h2>
      <ul role="list" className="cards-people">
        {group.people.slice(0, most).map((person) => <Card key={person.id} person={person} />)}
      </ul>
      {rest > 0 && (
        <div className="more-row">
          <Button onClick={() => setMost(most + step)}>
            {t("board.more", { count: Math.min(step, rest) })}
          </Button>
          <span className="tiny muted num">{t("board.rest", { count: rest })}</span>
        </div>
      )}
    </section>
  );
}

function title(by: Order, group: Group, t: Words): string {
  if (by === "status") return t(`status.${(group.key ?? "online") as Status}`);
  return group.key ?? t(by === "role" ? "board.noRole" : "board.noActivity");
}

const unknown: Presence = {
  status: "online",
  status_message: null,
  status_emoji: null,
  activity: null,
  last_seen_at: null,
  version: 0,
};

const Card = memo(function Card({ person }: { person: BoardPerson }) {
  const presence = usePresence(person.id, unknown);
  const sees = useCan("users.read");
  return (
    <li className={`person-card ${presence.status}`} data-person={person.id}>
      <Avatar user={person} status={presence.status} />
      <div className="who-text">
        {sees
          ? <Link href={`/panel/members/${person.id}`} className="row-link name cut">{nameOf(person)}</Link>
          : <span className="name cut">{nameOf(person)}</span>}
        <div className="tiny muted cut">
          <StatusLine presence={presence} />
        </div>
      </div>
      <StatusMenu person={person} />
      <div className="card-foot tiny muted">
        <RoleChips ids={person.roles} most={1} />
        <ActivityLine presence={presence} />
      </div>
    </li>
  );
});
