import { useEffect } from "react";
import { get, type Page as PageOf } from "../../lib/api";
import { useLanguage, useWords } from "../../lib/i18n";
import { gateway } from "../../lib/live";
import { forbidden } from "../../lib/problem";
import { invalidate, usePages } from "../../lib/query";
import { asRaw, asText } from "../../lib/resources";
import { useQueryState } from "../../lib/router";
import { SelectField } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { useCan } from "../accounts/session";
import { moduleName, usePermissions } from "../roles/registry";
import { Because, readReasons, type Reason } from "./Because";

interface Holder {
  id: string;
  username: string;
  name: string;
  banned: boolean;
  disabled: boolean;
  because: Reason[];
}

function readHolder(value: unknown): Holder {
  const raw = asRaw(value);
  const username = asText(raw["username"]) ?? "";
  return {
    id: asText(raw["user_id"]) ?? "",
    username,
    name: asText(raw["display_name"]) ?? username,
    banned: raw["is_banned"] === true,
    disabled: raw["is_disabled"] === true,
    because: readReasons(raw["because"]),
  };
}

/** "Who can do this?": everybody who has one permission, and what gives it to each. */
export function WhoCanPage() {
  const t = useWords();
  const [query, setQuery] = useQueryState();
  const permission = query["key"];
  const of = useLanguage();
  const registry = usePermissions();
  const [roles, people] = [useCan("roles.read"), useCan("users.read")];
  const modules = [...new Set(registry.map((each) => each.module))];
  const missing = !roles ? "roles.read" : !people ? "users.read" : null;
  return (
    <Page
      title={t("who.title")}
      before={
        <Link href="/panel/roles" className="icon-btn" aria-label={t("roles.back")} title={t("roles.back")}>
          <Icon name="left" size={18} />
        </Link>
      }
    >
      <div className="form narrow who-pick">
        <SelectField
          label={t("who.pick")}
          value={permission ?? ""}
          onChange={(event) => setQuery({ key: event.target.value })}
        >
          <option value="">{t("who.none")}</option>
          {modules.map((module) => (
            <optgroup key={module} label={t(moduleName(module))}>
              {registry.filter((each) => each.module === module).map((each) => (
                <option key={each.key} value={each.key}>{each.description[of]}</option>
              ))}
            </optgroup>
          ))}
        </SelectField>
      </div>
      {missing
        ? <ErrorState problem={forbidden(t("problem.needs", { key: missing }))} />
        : permission
        ? <Holders key={permission} permission={permission} />
        : <EmptyState icon="shield" title={t("who.empty.title")} text={t("who.empty.text")} />}
    </Page>
  );
}

function Holders({ permission }: { permission: string }) {
  const t = useWords();
  const key = `holders:${permission}`;
  const list = usePages<Holder>(key, async (cursor) => {
    const path = `/permissions/${encodeURIComponent(permission)}/holders`;
    const page = await get<PageOf<unknown>>(path, { limit: 50, cursor, count: cursor ? null : true });
    return { ...page, items: page.items.map(readHolder) };
  });
  useEffect(() => {
    let timer = 0;
    const stop = gateway.on("*", () => {
      if (timer !== 0) return;
      timer = window.setTimeout(() => {
        timer = 0;
        invalidate(key);
      }, 500);
    }, "roles");
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [key]);
  if (list.problem && !list.pages) return <ErrorState problem={list.problem} onRetry={list.reload} />;
  if (!list.pages) return <Skeleton rows={6} />;
  if (list.pages.items.length === 0) {
    return <EmptyState icon="members" title={t("who.nobody.title")} text={t("who.nobody.text")} />;
  }
  return (
    <section className="who-can" aria-label={t("who.title")}>
      <p className="section-head">
        <span className="num">{t("who.count", { count: list.pages.total ?? list.pages.items.length })}</span>
        <Link href={`/panel/members?permission=${encodeURIComponent(permission)}`} className="textlink">
          {t("who.inList")}
        </Link>
      </p>
      <ul role="list" className="rows" aria-label={t("who.people")}>
        {list.pages.items.map((each) => (
          <li key={each.id} className="row top">
            <div className="row-main">
              <div className="row-title">
                <Link href={`/panel/members/${each.id}/roles`} className="textlink">{each.name}</Link>
                <span className="tiny muted">@{each.username}</span>
                {each.banned && <span className="badge bad">{t("users.badge.banned")}</span>}
                {each.disabled && <span className="badge">{t("users.badge.disabled")}</span>}
              </div>
              <Because reasons={each.because} />
            </div>
          </li>
        ))}
      </ul>
      <More list={list} />
    </section>
  );
}
