import { Slot } from "../../contract/Part";
import { useState } from "react";
import { useLanguage, useWords } from "../../lib/i18n";
import type { Role } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { Rich } from "../../ui/Rich";
import { Segmented } from "../../ui/Segmented";
import { Time } from "../../ui/Time";
import { draftOf } from "./draft";
import { compare, merged, type Point, type Side, usual } from "./merge";
import { describe, usePermissions } from "./registry";
import { RoleChanges } from "./RoleChanges";
import { roles } from "./roles";
import type { Editing } from "./useDraft";
import { useVersions } from "./versions";
import { roleTitle } from "../../lib/roleTitle";

interface OvertakenProps {
  /** As it is saved now: theirs. */
  role: Role;
  edit: Editing;
}

/** Who saved the role while it was edited here, each once. */
function Others({ role, edit }: OvertakenProps) {
  const t = useWords();
  const { data } = useVersions(role);
  const newer = (data ?? []).filter((each) => each.version > (edit.version ?? 0));
  const actors = [...new Set(newer.map((each) => each.actor))];
  if (actors.length === 0) return <>{t("merge.somebody")}</>;
  return (
    <>
      {actors.map((id, index) => (
        <span key={id ?? ""}>
          {index > 0 && ", "}
          {id === null ? t("audit.system") : <Slot name="person" id={id} />}
        </span>
      ))}
    </>
  );
}

/** Says before one saves that somebody else has; the way to both. */
export function OvertakenNotice({ onOpen, ...props }: OvertakenProps & { onOpen: () => void }) {
  const t = useWords();
  return (
    <div className="notice wrap warn" role="alert">
      <Icon name="warning" />
      <span>
        <Rich say="merge.notice" parts={{ who: <Others {...props} />, when: <Time at={props.role.updated_at} /> }} />
      </span>
      <Button onClick={onOpen}>{t("merge.open")}</Button>
    </div>
  );
}

/** Theirs, mine, or point by point; the outcome is a draft on top of theirs, saved like any other. */
export function MergeDialog({ onClose, ...props }: OvertakenProps & { onClose: () => void }) {
  const t = useWords();
  const { role, edit } = props;
  const { data } = useVersions(role);
  const theirs = draftOf(role);
  const found = compare(edit.base, edit.draft, theirs);
  const [picks, setPicks] = useState<Readonly<Record<string, Side>>>({});
  const pick = (point: Point): Side => picks[point.id] ?? usual(point);
  const take = (choose: (point: Point) => Side) => {
    edit.begin(role, merged(edit.draft, theirs, found, choose));
    onClose();
  };
  const before = data?.find((each) => each.version === edit.version)?.snapshot;
  return (
    <Dialog
      title={t("merge.title", { role: roleTitle(role.name, t) })}
      width="wide"
      onClose={onClose}
      actions={
        <>
          <Button onClick={() => take(() => "theirs")}>{t("merge.takeTheirs")}</Button>
          <Button onClick={() => take(() => "mine")}>{t("merge.keepMine")}</Button>
          <Button look="primary" onClick={() => take(pick)}>{t("merge.apply")}</Button>
        </>
      }
    >
      <div className="stack">
        <section className="stack tight" aria-label={t("merge.theirs")}>
          <p>
            <Rich say="merge.who" parts={{ who: <Others {...props} />, when: <Time at={role.updated_at} /> }} />
          </p>
          {before && <RoleChanges before={before} now={role} />}
        </section>
        {found.length === 0
          ? <p className="muted">{t("merge.same")}</p>
          : (
            <section className="stack tight" aria-label={t("merge.points")}>
              <p className="muted">{t("merge.text")}</p>
              <ul role="list" className="points">
                {found.map((point) => (
                  <PointRow
                    key={point.id}
                    point={point}
                    side={pick(point)}
                    onPick={(side) => setPicks({ ...picks, [point.id]: side })}
                  />
                ))}
              </ul>
            </section>
          )}
      </div>
    </Dialog>
  );
}

function PointRow({ point, side, onPick }: { point: Point; side: Side; onPick: (side: Side) => void }) {
  const t = useWords();
  const of = useLanguage();
  const registry = usePermissions();
  const byId = useStore(roles, (all) => all.byId);
  const [kind, name] = [point.id.split(":")[0], point.id.slice(point.id.indexOf(":") + 1)];
  const label = kind === "key"
    ? describe(registry, name, of)
    : kind === "role"
    ? t("history.buildsOn", { role: roleTitle(byId[name]?.name ?? name, t) })
    : t(`role.${kind as "name" | "description" | "color" | "priority"}`);
  const value = (text: string) =>
    kind === "key"
      ? t(`permissions.${text === "allow" || text === "deny" ? text : "unset"}`)
      : kind === "role"
      ? t(text ? "common.yes" : "common.no")
      : text || t("history.empty");
  return (
    <li className={`point ${point.by}`}>
      <div className="point-text">
        <div>
          {label} {kind === "key" && <code>{name}</code>}
        </div>
        <div className="tiny muted">{t(`merge.by.${point.by}`)}</div>
      </div>
      <Segmented
        legend={label}
        value={side}
        onChange={onPick}
        segments={[
          { value: "theirs", label: t("merge.side.theirs", { value: value(point.theirs) }) },
          { value: "mine", label: t("merge.side.mine", { value: value(point.mine) }) },
        ]}
      />
    </li>
  );
}
