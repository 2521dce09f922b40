import { memo } from "react";
import { useLanguage, useWords } from "../../lib/i18n";
import { nameOf, type User } from "../../lib/resources";
import { usePlace } from "../../lib/router";
import { useStore } from "../../lib/store";
import { Link } from "../../ui/Link";
import { Time } from "../../ui/Time";
import { Avatar } from "../presence/Avatar";
import { usePresence } from "../presence/presences";
import { ActivityLine, StatusLine } from "../presence/StatusLine";
import { describe, moduleName, usePermissions } from "../roles/registry";
import { RoleChips } from "../roles/RoleChip";
import { type Column, shownColumns } from "./columns";
import { usePerson } from "./people";
import { UserBadges } from "./UserBadges";
import { UserMenu } from "./UserMenu";

export interface RowProps {
  /** Undefined while the row is on its way. */
  id: string | undefined;
  index: number;
  /** Whether the sheet beside the list shows this person. */
  open: boolean;
  /** The one row of the list that Tab reaches. */
  active: boolean;
  ticked: boolean;
  /** Undefined where nothing can be done to many. */
  onTick: ((index: number, isRange: boolean) => void) | undefined;
}

export const UserRow = memo(function UserRow({ id, ...rest }: RowProps) {
  const user = usePerson(id ?? null);
  return user ? <Filled user={user} {...rest} /> : <Blank index={rest.index} />;
});

/** The shape of a row that is being read. */
function Blank({ index }: { index: number }) {
  const t = useWords();
  return (
    <tr role="row" aria-rowindex={index + 2} className="blank">
      <td role="cell" className="col-who" colSpan={2}>
        <span className="hidden">{t("common.loading")}</span>
        <div className="skeleton row" aria-hidden="true">
          <i className="disc" />
          <i className={`bar w${(index % 4) + 1}`} />
        </div>
      </td>
    </tr>
  );
}

function Filled({ user, index, open, active, ticked, onTick }: Omit<RowProps, "id"> & { user: User }) {
  const t = useWords();
  const { search } = usePlace();
  const presence = usePresence(user.id, user.presence);
  const away = presence.status === "offline" || presence.status === "invisible";
  const columns = useStore(shownColumns);
  const has = (column: Column) => columns.includes(column);
  const tabIndex = active ? 0 : -1;
  return (
    <tr role="row" aria-rowindex={index + 2} className={open ? "selected" : ""} data-index={index}>
      {onTick && (
        <td role="cell" className="col-tick">
          <input
            type="checkbox"
            aria-label={t("bulk.tick", { user: nameOf(user) })}
            tabIndex={tabIndex}
            checked={ticked}
            onChange={(event) => onTick(index, (event.nativeEvent as MouseEvent).shiftKey)}
          />
        </td>
      )}
      <td role="cell" className="col-who">
        <div className="who">
          <Avatar user={user} status={presence.status} />
          <div className="who-text">
            <div className="who-name">
              <Link
                href={`/panel/members/${user.id}${search}`}
                className="row-link name cut"
                tabIndex={tabIndex}
                aria-current={open ? "true" : undefined}
              >
                {nameOf(user)}
              </Link>
              <span className="tiny muted cut handle">@{user.username}</span>
              <UserBadges user={user} />
            </div>
            <div className="tiny muted sub">
              <StatusLine presence={presence} />
              <TagLine tags={user.tags} />
            </div>
          </div>
        </div>
      </td>
      {has("roles") && (
        <td role="cell" className="col-roles">
          <RoleChips ids={user.roles} most={2} />
        </td>
      )}
      {has("summary") && (
        <td role="cell" className="col-summary small muted">
          <Summary keys={user.summary} />
        </td>
      )}
      {has("activity") && (
        <td role="cell" className="col-activity small">
          <ActivityLine presence={presence} />
        </td>
      )}
      {has("joined") && (
        <td role="cell" className="col-seen small muted num">
          <Time at={user.created_at} />
        </td>
      )}
      {has("seen") && (
        <td role="cell" className="col-seen small muted num">
          {away ? <Time at={presence.last_seen_at} /> : <Now />}
        </td>
      )}
      <td role="cell" className="col-menu">
        <UserMenu user={user} tabIndex={tabIndex} />
      </td>
    </tr>
  );
}

const mostTags = 2;

function TagLine({ tags }: { tags: readonly string[] }) {
  const t = useWords();
  if (tags.length === 0) return null;
  const rest = tags.slice(mostTags);
  return (
    <>
      <span className="hidden">{t("user.tags")}:</span>
      {tags.slice(0, mostTags).map((tag) => <span key={tag} className="tag" title={tag}>{tag}</span>)}
      {rest.length > 0 && (
        <span className="tag" title={rest.join(", ")}>
          +{rest.length}
          <span className="hidden">{rest.join(", ")}</span>
        </span>
      )}
    </>
  );
}

/** The first words of what somebody may do; the rest on hover, and in full on their sheet. */
function Summary({ keys }: { keys: readonly string[] | null }) {
  const t = useWords();
  const of = useLanguage();
  const registry = usePermissions();
  if (!keys || keys.length === 0) return <span>–</span>;
  if (keys.includes("*")) return <span>{t("roles.everything")}</span>;
  const words = keys.map((key) =>
    key.endsWith(".*") ? t("permissions.family", { key: t(moduleName(key.slice(0, -2))) }) : describe(registry, key, of)
  );
  const rest = keys.length - 1;
  return (
    <span className="summary-line" title={words.join("\n")}>
      <span className="cut">{words[0]}</span>
      {rest > 0 && <span className="num">{t("users.andMore", { count: rest })}</span>}
    </span>
  );
}

function Now() {
  const t = useWords();
  return <span>{t("users.now")}</span>;
}
