import { useMemo } from "react";
import { useWords } from "../../lib/i18n";
import type { Role } from "../../lib/resources";
import { Checkbox, TextArea, TextField } from "../../ui/Field";
import type { Draft } from "./draft";
import { RoleChip } from "./RoleChip";
import { useRoles } from "./roles";

interface RoleFormProps {
  role: Role | null;
  draft: Draft;
  onChange: (draft: Draft) => void;
  locked: boolean;
  faults: Record<string, string>;
}

/** Name, words, colour, rank, and what it builds on. */
export function RoleForm({ role, draft, onChange, locked, faults }: RoleFormProps) {
  const t = useWords();
  const all = useRoles();
  const lower = all.filter((each) => each.id !== role?.id && each.priority < draft.priority && each.name !== "owner");
  return (
    <fieldset className="form narrow" disabled={locked}>
      <legend className="hidden">{t("role.tab.display")}</legend>
      <TextField
        label={t("role.name")}
        required
        maxLength={64}
        autoFocus={!role}
        value={draft.name}
        readOnly={role?.is_system ?? false}
        hint={role?.is_system ? t("role.systemName") : undefined}
        fault={faults["name"]}
        onChange={(event) => onChange({ ...draft, name: event.target.value })}
      />
      <TextArea
        label={t("role.description")}
        optional={t("common.optional")}
        rows={2}
        value={draft.description}
        fault={faults["description"]}
        onChange={(event) => onChange({ ...draft, description: event.target.value })}
      />
      <ColorPick value={draft.color} fault={faults["color"]} onChange={(color) => onChange({ ...draft, color })} />
      <TextField
        label={t("role.priority")}
        hint={t("role.priorityHint")}
        type="number"
        inputMode="numeric"
        min={0}
        max={1000}
        step={1}
        className="input short num"
        value={Number.isNaN(draft.priority) ? "" : draft.priority}
        fault={faults["priority"]}
        onChange={(event) => onChange({ ...draft, priority: event.target.valueAsNumber })}
      />
      <fieldset className="pick">
        <legend>{t("role.inherits")}</legend>
        <p className="hint">{t("role.inheritsHint")}</p>
        {lower.length === 0 && <p className="muted tiny">{t("role.inheritsNone")}</p>}
        <div className="pick-list">
          {lower.map((each) => (
            <Checkbox
              key={each.id}
              label={<RoleChip role={each} />}
              checked={draft.inherits.includes(each.id)}
              onChange={(event) =>
                onChange({
                  ...draft,
                  inherits: (event.target.checked
                    ? [...draft.inherits, each.id]
                    : draft.inherits.filter((id) =>
                      id !== each.id
                    )).sort(),
                })}
            />
          ))}
        </div>
        {faults["inherits"] && <p className="fault">{faults["inherits"]}</p>}
      </fieldset>
    </fieldset>
  );
}

const swatches = 10;

/** The colours on offer stand in the token file with all the others; what is stored is their value. */
function offered(): string[] {
  const style = getComputedStyle(document.documentElement);
  return Array.from({ length: swatches }, (_, index) => style.getPropertyValue(`--role-${index + 1}`).trim());
}

function ColorPick(
  { value, fault, onChange }: { value: string; fault: string | undefined; onChange: (color: string) => void },
) {
  const t = useWords();
  const colors = useMemo(offered, []);
  return (
    <fieldset className="pick">
      <legend>{t("role.color")}</legend>
      <div className="swatches">
        <label className="swatch none" title={t("role.colorNone")}>
          <input type="radio" name="color" className="hidden" checked={value === ""} onChange={() => onChange("")} />
          <span className="hidden">{t("role.colorNone")}</span>
        </label>
        {colors.map((color, index) => (
          <label key={color} className={`swatch s${index + 1}`}>
            <input
              type="radio"
              name="color"
              className="hidden"
              checked={value === color}
              onChange={() => onChange(color)}
            />
            <span className="hidden">{t("role.colorNumber", { count: index + 1 })} {color}</span>
          </label>
        ))}
        <input
          type="color"
          className="swatch-own"
          aria-label={t("role.colorOwn")}
          title={t("role.colorOwn")}
          value={value || colors[6]}
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
      {fault && <p className="fault">{fault}</p>}
    </fieldset>
  );
}
