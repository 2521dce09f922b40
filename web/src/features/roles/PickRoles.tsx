import { useState } from "react";
import { fold } from "../../lib/fold";
import { useWords } from "../../lib/i18n";
import { roleTitle } from "../../lib/roleTitle";
import { Checkbox } from "../../ui/Field";
import { SearchBox } from "../../ui/SearchBox";
import { useCan } from "../accounts/session";
import { RoleChip } from "./RoleChip";
import { useRoles } from "./roles";

/** Fewer than this are seen at a glance. */
const searchable = 6;

interface PickRolesProps {
  legend: string;
  hint?: string;
  chosen: readonly string[];
  fault: string | undefined;
  onChange: (chosen: readonly string[]) => void;
}

/** The roles that a newcomer starts with, for those who may give any. */
export function PickRoles({ legend, hint, chosen, fault, onChange }: PickRolesProps) {
  const assigns = useCan("roles.assign");
  // `owner` is never given here, and `member` comes by itself.
  const offered = useRoles().filter((role) => !["owner", "guest", "member"].includes(role.name));
  const t = useWords();
  const [search, setSearch] = useState("");
  if (!assigns || offered.length === 0) return null;
  const wanted = fold(search.trim());
  const shown = offered.filter((role) => chosen.includes(role.id) || fold(roleTitle(role.name, t)).includes(wanted));
  return (
    <fieldset className="pick">
      <legend>{legend}</legend>
      {hint && <p className="hint">{hint}</p>}
      {offered.length > searchable && <SearchBox label={t("roles.search")} value={search} onChange={setSearch} />}
      <div className="pick-list tall">
        {shown.length === 0 && <p className="muted tiny">{t("palette.none")}</p>}
        {shown.map((role) => (
          <Checkbox
            key={role.id}
            label={<RoleChip role={role} />}
            checked={chosen.includes(role.id)}
            onChange={(event) =>
              onChange(event.target.checked ? [...chosen, role.id] : chosen.filter((id) => id !== role.id))}
          />
        ))}
      </div>
      {fault && <p className="fault">{fault}</p>}
    </fieldset>
  );
}
