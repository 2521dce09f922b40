import { Checkbox } from "../../ui/Field";
import { useCan } from "../accounts/session";
import { RoleChip } from "./RoleChip";
import { useRoles } from "./roles";

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
  if (!assigns || offered.length === 0) return null;
  return (
    <fieldset className="pick">
      <legend>{legend}</legend>
      {hint && <p className="hint">{hint}</p>}
      <div className="pick-list">
        {offered.map((role) => (
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
