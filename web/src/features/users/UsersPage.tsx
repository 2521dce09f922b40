import { useEffect, useState } from "react";
import { useWords } from "../../lib/i18n";
import { forbidden } from "../../lib/problem";
import { navigate, usePlace, useQueryState } from "../../lib/router";
import { Button, IconButton } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Page } from "../../ui/Page";
import { ErrorState } from "../../ui/States";
import { useCan } from "../accounts/session";
import type { Acting } from "./bulk";
import { BulkDialog } from "./BulkDialog";
import { CreateUser } from "./CreateUser";
import { ExportUsers } from "./ExportUsers";
import { filtersOf } from "./filters";
import { useActsUponMany, useJobs } from "./jobs";
import { JobLines } from "./JobLines";
import { UserFilters } from "./UserFilters";
import { UserList } from "./UserList";
import { UserSheet } from "./UserSheet";

interface UsersPageProps {
  id: string | null;
  tab: string | null;
}

/** Everybody, with the sheet of one beside the list. */
export function UsersPage({ id, tab }: UsersPageProps) {
  const t = useWords();
  const { search } = usePlace();
  const [query, setQuery] = useQueryState();
  const sees = useCan("users.read");
  const adds = useCan("users.create");
  const actsUponMany = useActsUponMany();
  const jobs = useJobs(sees && actsUponMany);
  const [acting, setActing] = useState<Acting | null>(null);
  const [exporting, setExporting] = useState(false);
  const [total, setTotal] = useState<number | undefined>(undefined);
  const close = () => navigate(`/panel/members${search}`);
  const adding = query["new"];
  const filters = filtersOf(query);
  useEffect(() => {
    if (id === null) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open], :popover-open")) {
        close();
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [id, search]);
  return (
    <Page
      title={t("nav.members")}
      after={total === undefined ? undefined : <span className="count num">{t("users.count", { count: total })}</span>}
      actions={
        <>
          {/* Beside the sheet there is room for one action in the line of the title. */}
          {sees && id === null && (
            <IconButton
              icon="export"
              label={t("export.do")}
              aria-haspopup="dialog"
              onClick={() => setExporting(true)}
            />
          )}
          {adds && (
            <>
              {id === null && (
                <Link
                  className="icon-btn"
                  href="/panel/members/import"
                  aria-label={t("users.import")}
                  title={t("users.import")}
                >
                  <Icon name="inbox" />
                </Link>
              )}
              <Button look="primary" icon="plus" onClick={() => setQuery({ new: "1" })}>{t("users.add")}</Button>
            </>
          )}
        </>
      }
      aside={id !== null && <UserSheet key={id} id={id} tab={tab} onClose={close} />}
    >
      {sees
        ? (
          <>
            <UserFilters />
            <JobLines jobs={jobs} onOpen={(job) => setActing({ job })} />
            <UserList
              filters={filters}
              selected={id}
              waits={actsUponMany && !jobs.asked}
              onTotal={setTotal}
              onAct={setActing}
            />
          </>
        )
        : <NotAllowed />}
      {acting && <BulkDialog acting={acting} onClose={() => setActing(null)} />}
      {exporting && <ExportUsers filters={filters} total={total} onClose={() => setExporting(false)} />}
      {adding && adds && <CreateUser onClose={() => setQuery({ new: null })} />}
    </Page>
  );
}

function NotAllowed() {
  const t = useWords();
  return <ErrorState problem={forbidden(t("problem.needs", { key: "users.read" }))} />;
}
