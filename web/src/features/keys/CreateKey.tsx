import { useMemo, useState } from "react";
import { useLanguage, useWords } from "../../lib/i18n";
import { useSubmit } from "../../lib/submit";
import { Dialog } from "../../ui/Dialog";
import { Checkbox, SelectField, TextField } from "../../ui/Field";
import { FormFoot } from "../../ui/FormFoot";
import { useSession } from "../accounts/session";
import { moduleName, type Permission, usePermissions } from "../roles/registry";
import { createKey, type ShownKey } from "./keys";

const day = 86_400_000;
const lifetimes = ["30", "90", "365", ""] as const;

/** Name, end, and what it may do: of what I may do, nothing unless I say so. */
export function CreateKey({ onClose, onMade }: { onClose: () => void; onMade: (made: ShownKey) => void }) {
  const t = useWords();
  const [name, setName] = useState("");
  const [days, setDays] = useState<string>("90");
  const [scopes, setScopes] = useState<readonly string[]>([]);
  const [signs, setSigns] = useState(false);
  const [networks, setNetworks] = useState("");
  const addresses = networks.split(/[,\s]+/).filter((each) => each !== "");
  // Counted from one moment, so that a repeated request asks for the same.
  const [openedAt] = useState(Date.now);
  const { busy, problem, submit } = useSubmit({ name, days, scopes, signs, addresses }, async (key) => {
    const end = days ? new Date(openedAt + Number(days) * day).toISOString() : null;
    const limits = { requires_signature: signs, addresses };
    onMade(await createKey({ name, scopes: [...scopes], expires_at: end, ...limits }, key));
  });
  return (
    <Dialog title={t("keys.create")} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <div className="form-grid">
          <TextField
            label={t("role.name")}
            hint={t("keys.nameHint")}
            autoComplete="off"
            maxLength={64}
            required
            autoFocus
            value={name}
            fault={problem?.fault("name")}
            onChange={(event) => setName(event.target.value)}
          />
          <SelectField
            label={t("keys.lifetime")}
            value={days}
            fault={problem?.fault("expires_at")}
            onChange={(event) => setDays(event.target.value)}
          >
            {lifetimes.map((each) => (
              <option key={each} value={each}>{t(each ? `keys.for.${each}` : "keys.for.ever")}</option>
            ))}
          </SelectField>
        </div>
        <TextField
          label={t("keys.addresses")}
          hint={t("keys.addressesHint")}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={networks}
          fault={problem?.fault("addresses")}
          onChange={(event) => setNetworks(event.target.value)}
        />
        <Checkbox
          label={t("keys.signature")}
          hint={t("keys.signatureHint")}
          checked={signs}
          onChange={(event) => setSigns(event.target.checked)}
        />
        <Scopes chosen={scopes} onChange={setScopes} />
        <FormFoot verb={t("keys.createSubmit")} busy={busy} problem={problem} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

/** What no permission says, since everybody may do it who is signed in. */
const ownScopes = ["self.read", "self.write"] as const;

function Scopes({ chosen, onChange }: { chosen: readonly string[]; onChange: (scopes: readonly string[]) => void }) {
  const t = useWords();
  const of = useLanguage();
  const registry = usePermissions();
  const { permissions } = useSession();
  const groups = useMemo(() => group(registry, permissions), [registry, permissions]);
  const set = (key: string, on: boolean) =>
    onChange(on ? [...chosen, key].sort() : chosen.filter((each) => each !== key));
  return (
    <>
      <p className="muted">{t("keys.scopesLead")}</p>
      <fieldset className="pick">
        <legend>{t("keys.own")}</legend>
        {ownScopes.map((scope) => (
          <Checkbox
            key={scope}
            label={t(`keys.${scope}`)}
            hint={<code>{scope}</code>}
            checked={chosen.includes(scope)}
            onChange={(event) => set(scope, event.target.checked)}
          />
        ))}
      </fieldset>
      {groups.map(([module, keys]) => (
        <fieldset key={module} className="pick">
          <legend>{t(moduleName(module))}</legend>
          {keys.map((each) => (
            <Checkbox
              key={each.key}
              label={each.description[of]}
              hint={<code>{each.key}</code>}
              checked={chosen.includes(each.key)}
              onChange={(event) => set(each.key, event.target.checked)}
            />
          ))}
        </fieldset>
      ))}
    </>
  );
}

function group(registry: readonly Permission[], held: readonly string[]): [string, Permission[]][] {
  const groups = new Map<string, Permission[]>();
  for (const each of registry) {
    if (held.includes(each.key)) groups.set(each.module, [...(groups.get(each.module) ?? []), each]);
  }
  return [...groups];
}
