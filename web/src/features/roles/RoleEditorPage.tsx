import { type ReactNode, useState } from "react";
import { useWords } from "../../lib/i18n";
import { get } from "../../lib/api";
import { useQuery } from "../../lib/query";
import { readRole, type Role } from "../../lib/resources";
import { navigate } from "../../lib/router";
import { useStore } from "../../lib/store";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Menu } from "../../ui/Menu";
import { Page } from "../../ui/Page";
import { ErrorState, Skeleton } from "../../ui/States";
import { Tabs } from "../../ui/Tabs";
import { useCan } from "../accounts/session";
import { deleteRole } from "./edits";
import { LockOutQuestion } from "./lockOut";
import { MergeDialog, OvertakenNotice } from "./Overtaken";
import { PermissionChecklist } from "./PermissionChecklist";
import { RoleDot } from "./RoleChip";
import { RoleForm } from "./RoleForm";
import { RoleHistory } from "./RoleHistory";
import { roles, useRole } from "./roles";
import { SaveBar } from "./SaveBar";
import { useDraft } from "./useDraft";

const tabs = ["permissions", "display", "history"] as const;
type Tab = (typeof tabs)[number];

interface EditorProps {
  tab: string | null;
  /** How the app shows a person by id; people are another feature's. */
  person: (id: string) => ReactNode;
}

/** One role: what it allows, how it looks, what it was. `new` makes one. */
export function RoleEditorPage({ id, ...rest }: EditorProps & { id: string }) {
  const fresh = id === "new";
  const known = useRole(id);
  const loaded = useStore(roles, (all) => all.loaded);
  const { data, problem, reload } = useQuery(
    fresh || known || !loaded ? null : `role:${id}`,
    async () => readRole(await get<unknown>(`/roles/${encodeURIComponent(id)}`)),
  );
  const role = known ?? data;
  if (fresh) return <Editor role={null} {...rest} />;
  if (role) return <Editor role={role} {...rest} />;
  return <Waiting>{problem ? <ErrorState problem={problem} onRetry={reload} /> : <Skeleton rows={8} />}</Waiting>;
}

function Back() {
  const t = useWords();
  return (
    <Link href="/roles" className="icon-btn" aria-label={t("roles.back")} title={t("roles.back")}>
      <Icon name="left" size={18} />
    </Link>
  );
}

function Waiting({ children }: { children: JSX.Element }) {
  const t = useWords();
  return <Page title={t("nav.roles")} before={<Back />}>{children}</Page>;
}

function Editor({ role, tab, person }: EditorProps & { role: Role | null }) {
  const t = useWords();
  const manages = useCan("roles.manage");
  const edit = useDraft(role);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [merging, setMerging] = useState(false);
  const shown = tabs.filter((each) => each !== "history" || role !== null);
  const current: Tab = shown.find((each) => each === tab) ?? (role ? "permissions" : "display");
  const path = `/roles/${role?.id ?? "new"}`;
  const go = (next: Tab) => navigate(`${path}/${next}`, { replace: true, force: true });
  const locked = !manages || role?.name === "owner";
  const title = role ? role.name : t("roles.create");
  return (
    <Page
      title={title}
      before={
        <>
          <Back />
          <RoleDot role={{ name: role?.name ?? "", color: edit.draft.color || null }} />
        </>
      }
      after={role?.is_system ? <span className="badge">{t("roles.system")}</span> : undefined}
      actions={role && manages && !role.is_system && (
        <Menu
          label={t("roles.actionsFor", { role: role.name })}
          items={[{
            label: t("common.delete"),
            icon: "trash",
            danger: true,
            onSelect: () => void deleteRole(role).then((gone) => gone && navigate("/roles", { force: true })),
          }]}
        />
      )}
    >
      {role?.name === "owner" && (
        <p className="notice">
          <Icon name="info" />
          {t("roles.ownerNotice")}
        </p>
      )}
      {!manages && (
        <p className="notice">
          <Icon name="lock" />
          {t("roles.readOnly")}
        </p>
      )}
      {role && edit.overtaken && (
        <OvertakenNotice
          role={role}
          edit={edit}
          person={person}
          onOpen={() => setMerging(true)}
        />
      )}
      <Tabs
        label={title}
        tabs={shown.map((each) => ({ id: each, label: t(`role.tab.${each}`) }))}
        value={current}
        onChange={go}
      >
        {current === "permissions" && (
          <PermissionChecklist draft={edit.draft} onChange={edit.setDraft} locked={locked} />
        )}
        {current === "display" && (
          <RoleForm role={role} draft={edit.draft} onChange={edit.setDraft} locked={locked} faults={faults} />
        )}
        {current === "history" && role && <RoleHistory role={role} person={person} editing={edit.touched} />}
      </Tabs>
      {!locked && (edit.touched || !role) && (
        <SaveBar
          role={role}
          edit={edit}
          onOvertaken={() => setMerging(true)}
          onFaults={(next) => {
            setFaults(next);
            if (Object.keys(next).some((field) => !["permissions", "denied"].includes(field))) go("display");
          }}
          onSaved={(saved) => {
            setFaults({});
            edit.begin(saved);
            if (!role) navigate(`/roles/${saved.id}/permissions`, { replace: true, force: true });
          }}
        />
      )}
      {role && merging && edit.overtaken && (
        <MergeDialog
          role={role}
          edit={edit}
          person={person}
          onClose={() => setMerging(false)}
        />
      )}
      <LockOutQuestion />
    </Page>
  );
}
