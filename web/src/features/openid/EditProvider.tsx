import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { roleTitle } from "../../lib/roleTitle";
import { useSubmit } from "../../lib/submit";
import { Button, IconButton } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Checkbox, SelectField, TextField } from "../../ui/Field";
import { FormFoot } from "../../ui/FormFoot";
import { Secret } from "../../ui/Secret";
import {
  createProvider,
  editProvider,
  fetchRuleRoles,
  type Provider,
  redirectFor,
  type RoleRule,
  ruleRolesKey,
} from "./providers";

interface EditProps {
  /** Null: a new one. */
  of: Provider | null;
  onClose: () => void;
}

/** A provider: how it is reached, what it is trusted with, which roles follow from it. */
export function EditProvider({ of, onClose }: EditProps) {
  const t = useWords();
  const [fields, setFields] = useState({
    key: of?.key ?? "",
    name: of?.name ?? "",
    issuer: of?.issuer ?? "",
    clientId: of?.clientId ?? "",
    secret: "",
    scopes: (of?.scopes ?? ["openid", "email", "profile"]).join(" "),
  });
  const [trustsEmail, setTrustsEmail] = useState(of?.trustsEmail ?? false);
  const [trustsFactor, setTrustsFactor] = useState(of?.trustsFactor ?? false);
  const [rules, setRules] = useState<readonly RoleRule[]>(of?.rules ?? []);
  const set = (name: keyof typeof fields) => (event: { target: { value: string } }) =>
    setFields({ ...fields, [name]: event.target.value });
  const { busy, problem, submit } = useSubmit({ fields, trustsEmail, trustsFactor, rules }, async (key) => {
    const scopes = fields.scopes.split(/\s+/).filter(Boolean);
    const shared = {
      name: fields.name.trim(),
      ...(fields.secret ? { client_secret: fields.secret } : {}),
      ...(trustsEmail === (of?.trustsEmail ?? false) ? {} : { trusts_email: trustsEmail }),
      ...(trustsFactor === (of?.trustsFactor ?? false) ? {} : { trusts_mfa: trustsFactor }),
      ...(same(rules, of?.rules ?? []) ? {} : { role_rules: rules }),
    };
    if (of) {
      await editProvider(of, {
        ...shared,
        ...(fields.clientId.trim() === of.clientId ? {} : { client_id: fields.clientId.trim() }),
        ...(same(scopes, of.scopes) ? {} : { scopes }),
      });
    } else {
      const own = { key: fields.key.trim(), issuer: fields.issuer.trim(), client_id: fields.clientId.trim(), scopes };
      await createProvider({ ...shared, ...own }, key);
    }
    onClose();
  });
  return (
    <Dialog title={t(of ? "openid.edit" : "openid.add")} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        <TextField
          label={t("openid.name")}
          hint={t("openid.nameHint")}
          autoComplete="off"
          maxLength={60}
          required
          autoFocus
          value={fields.name}
          fault={problem?.fault("name")}
          onChange={set("name")}
        />
        {!of && (
          <>
            <TextField
              label={t("openid.key")}
              hint={t("openid.keyHint")}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              pattern="[a-z0-9]([a-z0-9\-]*[a-z0-9])?"
              minLength={2}
              maxLength={32}
              required
              value={fields.key}
              fault={problem?.fault("key")}
              onChange={set("key")}
            />
            <TextField
              label={t("openid.issuer")}
              hint={t("openid.issuerHint")}
              type="url"
              placeholder="https://"
              autoComplete="off"
              maxLength={500}
              required
              value={fields.issuer}
              fault={problem?.fault("issuer")}
              onChange={set("issuer")}
            />
          </>
        )}
        <Secret label={t("openid.redirect")} text={of?.redirectUri ?? redirectFor(fields.key)} />
        <TextField
          label={t("openid.client")}
          autoComplete="off"
          spellCheck={false}
          maxLength={300}
          required
          value={fields.clientId}
          fault={problem?.fault("client_id")}
          onChange={set("clientId")}
        />
        <TextField
          label={t("openid.secret")}
          hint={t(of?.hasSecret ? "openid.secretKept" : "openid.secretHint")}
          type="password"
          autoComplete="off"
          maxLength={500}
          value={fields.secret}
          fault={problem?.fault("client_secret")}
          onChange={set("secret")}
        />
        <TextField
          label={t("openid.scopes")}
          hint={t("openid.scopesHint")}
          autoComplete="off"
          spellCheck={false}
          maxLength={1000}
          value={fields.scopes}
          fault={problem?.fault("scopes")}
          onChange={set("scopes")}
        />
        <Checkbox
          label={t("openid.trustsEmail")}
          hint={t("openid.trustsEmailHint")}
          checked={trustsEmail}
          onChange={(event) => setTrustsEmail(event.target.checked)}
        />
        <Checkbox
          label={t("openid.trustsFactor")}
          hint={t("openid.trustsFactorHint")}
          checked={trustsFactor}
          onChange={(event) => setTrustsFactor(event.target.checked)}
        />
        <Rules rules={rules} onChange={setRules} />
        {of && <Secret label={t("openid.logout")} text={of.logoutUri} />}
        <FormFoot verb={t(of ? "openid.save" : "openid.add")} busy={busy} problem={problem} onCancel={onClose} />
      </form>
    </Dialog>
  );
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Which role follows from which value of which claim. */
function Rules({ rules, onChange }: { rules: readonly RoleRule[]; onChange: (rules: readonly RoleRule[]) => void }) {
  const t = useWords();
  const { data: roles } = useQuery(ruleRolesKey, fetchRuleRoles);
  const put = (index: number, changes: Partial<RoleRule>) =>
    onChange(rules.map((rule, at) => (at === index ? { ...rule, ...changes } : rule)));
  return (
    <fieldset className="role-rules">
      <legend>{t("openid.rules")}</legend>
      <p className="tiny muted">{t("openid.rulesHint")}</p>
      {rules.map((rule, index) => (
        <div key={index} className="role-rule" role="group" aria-label={t("openid.rule", { number: index + 1 })}>
          <TextField
            label={t("openid.claim")}
            autoComplete="off"
            spellCheck={false}
            maxLength={100}
            required
            value={rule.claim}
            onChange={(event) =>
              put(index, { claim: event.target.value })}
          />
          <TextField
            label={t("openid.value")}
            autoComplete="off"
            spellCheck={false}
            maxLength={200}
            required
            value={rule.value}
            onChange={(event) =>
              put(index, { value: event.target.value })}
          />
          <SelectField
            label={t("openid.role")}
            required
            value={rule.role}
            onChange={(event) =>
              put(index, { role: event.target.value })}
          >
            <option value="">{t("openid.pickRole")}</option>
            {roles?.map((role) => <option key={role.id} value={role.id}>{roleTitle(role.name, t)}</option>)}
          </SelectField>
          <IconButton
            icon="trash"
            label={t("openid.removeRule", { number: index + 1 })}
            onClick={() =>
              onChange(rules.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <div className="form-actions start">
        <Button
          icon="plus"
          disabled={rules.length >= 50}
          onClick={() => onChange([...rules, { claim: "groups", value: "", role: "" }])}
        >
          {t("openid.addRule")}
        </Button>
      </div>
    </fieldset>
  );
}
