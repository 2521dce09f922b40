import { useRef, useState } from "react";
import { useWords } from "../../lib/i18n";
import { get } from "../../lib/api";
import { useQuery } from "../../lib/query";
import { readRole, type Role } from "../../lib/resources";
import { navigate } from "../../lib/router";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Menu } from "../../ui/Menu";
import { Page } from "../../ui/Page";
import { ErrorState, Skeleton } from "../../ui/States";
import { Tabs } from "../../ui/Tabs";
import { useWide } from "../../ui/useMedia";
import { useCan } from "../accounts/session";
import { deleteRole, restoreRole } from "./edits";
import { LockOutQuestion } from "./lockOut";
import { MergeDialog, OvertakenNotice } from "./Overtaken";
import { PermissionChecklist } from "./PermissionChecklist";
import { RoleDot } from "./RoleChip";
import { RoleForm } from "./RoleForm";
import { RoleHistory } from "./RoleHistory";
import { previewOf, SaveBar } from "./SaveBar";
import { PreviewPanel } from "./Preview";
import { RoleMembers } from "./RoleMembers";
import { roles, useRole } from "./roles";
import { useDraft } from "./useDraft";
import { roleTitle } from "../../lib/roleTitle";

const tabs = ["permissions", "display", "members", "history"] as const;
type Tab = (typeof tabs)[number];

interface EditorProps {
  tab: string | null;
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
  // Deleted by somebody else while it is edited: what was typed stays until it is left.
  const last = useRef<Role | null>(null);
  if (known) last.current = known;
  const role = known ?? data ?? last.current;
  if (fresh) return <Editor role={null} {...rest} />;
  if (role) return <Editor role={role} isGone={!known && !data && loaded} {...rest} />;
  return <Waiting>{problem ? <ErrorState problem={problem} onRetry={reload} /> : <Skeleton rows={8} />}</Waiting>;
}

function Back() {
  const t = useWords();
  return (
    <Link href="/panel/roles" className="icon-btn" aria-label={t("roles.back")} title={t("roles.back")}>
      <Icon name="left" size={18} />
    </Link>
  );
}

function Waiting({ children }: { children: JSX.Element }) {
  const t = useWords();
  return <Page title={t("nav.roles")} before={<Back />}>{children}</Page>;
}

function Editor({ role, tab, isGone = false }: EditorProps & { role: Role | null; isGone?: boolean }) {
  const t = useWords();
  const manages = useCan("roles.manage");
  const edit = useDraft(role);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [merging, setMerging] = useState(false);
  const sees = useCan("users.read");
  const shown = tabs.filter((each) =>
    each === "permissions" || each === "display" || (role !== null && (each === "history" || sees))
  );
  const current: Tab = shown.find((each) => each === tab) ?? (role ? "permissions" : "display");
  const path = `/panel/roles/${role?.id ?? "new"}`;
  const go = (next: Tab) => navigate(`${path}/${next}`, { replace: true, force: true });
  const locked = !manages || role?.name === "owner";
  const wide = useWide();
  const preview = role && edit.touched ? previewOf(role, edit.base, edit.draft) : null;
  const title = role ? roleTitle(role.name, t) : t("roles.create");
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
      aside={wide && !locked && preview && (
        <aside className="aside" aria-label={t("role.preview")}>
          <PreviewPanel name={title} body={preview} />
        </aside>
      )}
      actions={role && manages && !role.is_system && (
        <Menu
          label={t("roles.actionsFor", { role: roleTitle(role.name, t) })}
          items={[{
            label: t("common.delete"),
            icon: "trash",
            danger: true,
            onSelect: () => void deleteRole(role).then((gone) => gone && navigate("/panel/roles", { force: true })),
          }]}
        />
      )}
    >
      {role && isGone && (
        <p className="notice wrap" role="alert">
          <Icon name="warning" />
          <span>{t("roles.gone")}</span>
          {manages && (
            <Button onClick={() => void restoreRole(role).then((back) => back && edit.begin(back, edit.draft))}>
              {t("roles.restoreVerb")}
            </Button>
          )}
        </p>
      )}
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
        {current === "members" && role && <RoleMembers role={role} />}
        {current === "history" && role && <RoleHistory role={role} editing={edit.touched} />}
      </Tabs>
      {!locked && !isGone && (edit.touched || !role) && (
        <SaveBar
          role={role}
          edit={edit}
          notice={role && edit.overtaken && (
            <OvertakenNotice
              role={role}
              edit={edit}
              onOpen={() => setMerging(true)}
            />
          )}
          onTab={go}
          onOvertaken={() => setMerging(true)}
          onFaults={(next) => {
            setFaults(next);
            if (Object.keys(next).some((field) => !["permissions", "denied"].includes(field))) go("display");
          }}
          onSaved={(saved) => {
            setFaults({});
            edit.begin(saved);
            if (!role) navigate(`/panel/roles/${saved.id}/permissions`, { replace: true, force: true });
          }}
        />
      )}
      {role && merging && edit.overtaken && (
        <MergeDialog
          role={role}
          edit={edit}
          onClose={() => setMerging(false)}
        />
      )}
      <LockOutQuestion />
    </Page>
  );
}
