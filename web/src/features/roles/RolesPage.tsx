import { useEffect } from "react";
import { useWords } from "../../lib/i18n";
import { gateway } from "../../lib/live";
import { forbidden } from "../../lib/problem";
import { invalidate } from "../../lib/query";
import { useQueryState } from "../../lib/router";
import { useStore } from "../../lib/store";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Page } from "../../ui/Page";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { Tabs } from "../../ui/Tabs";
import { useCan } from "../accounts/session";
import { DeletedRoles } from "./DeletedRoles";
import { LockOutQuestion } from "./lockOut";
import { useRegistry } from "./registry";
import { loadRoles, roles, useRoles } from "./roles";
import { RoleTable } from "./RoleTable";

export function RolesPage() {
  const t = useWords();
  const { loaded, problem } = useStore(roles);
  const list = useRoles();
  const manages = useCan("roles.manage");
  const reads = useCan("roles.read");
  const people = useCan("users.read");
  const [query, setQuery] = useQueryState();
  const shown = query["deleted"] ? "deleted" : "live";
  useEffect(
    () => gateway.on(["role.created", "role.deleted", "role.restored"], () => invalidate("roles:deleted"), "roles"),
    [],
  );
  return (
    <Page
      title={t("nav.roles")}
      after={loaded && !problem
        ? <span className="count num">{t("roles.count", { count: list.length })}</span>
        : undefined}
      actions={
        <>
          {reads && people && (
            <Link href="/panel/roles/who" className="btn btn-quiet">
              <Icon name="search" />
              <span>{t("who.title")}</span>
            </Link>
          )}
          {manages && (
            <Link href="/panel/roles/new" className="btn btn-primary">
              <Icon name="plus" />
              <span>{t("roles.create")}</span>
            </Link>
          )}
        </>
      }
    >
      <p className="lead muted">{t("roles.lead")}</p>
      {reads
        ? (
          <Tabs
            label={t("nav.roles")}
            tabs={[{ id: "live", label: t("roles.tab.live") }, { id: "deleted", label: t("roles.tab.deleted") }]}
            value={shown}
            onChange={(tab) => setQuery({ deleted: tab === "deleted" ? "1" : null })}
          >
            {shown === "deleted" ? <DeletedRoles manages={manages} /> : <Live manages={manages} />}
          </Tabs>
        )
        : <ErrorState problem={forbidden(t("problem.needs", { key: "roles.read" }))} />}
      <LockOutQuestion />
    </Page>
  );
}

function Live({ manages }: { manages: boolean }) {
  const t = useWords();
  const list = useRoles();
  const { loaded, problem } = useStore(roles);
  // The words of what a role may do come with it, so that no row grows afterwards.
  const { data: registry, problem: silence } = useRegistry();
  if (problem && list.length === 0) return <ErrorState problem={problem} onRetry={() => void loadRoles()} />;
  if ((!loaded && list.length === 0) || (!registry && !silence)) return <Skeleton rows={6} />;
  if (list.length === 0) return <EmptyState icon="roles" title={t("roles.empty.title")} text={t("roles.empty.text")} />;
  return <RoleTable list={list} manages={manages} />;
}
