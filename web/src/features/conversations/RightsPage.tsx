import "./arrange.css";
import { useState } from "react";
import type { PageProps } from "../../contract/page";
import { get } from "../../lib/api";
import { useWords, type Words } from "../../lib/i18n";
import { Problem } from "../../lib/problem";
import { useQuery } from "../../lib/query";
import { asList, asRaw, asText, nameOf } from "../../lib/resources";
import { useStore } from "../../lib/store";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { Page } from "../../ui/Page";
import { ErrorState, Skeleton } from "../../ui/States";
import { useCan, useSession } from "../accounts/session";
import { cards, useCard } from "../presence/cards";
import { roles } from "../roles/roles";
import { Overwrites } from "./Overwrites";
import { PickPeople } from "./PickPeople";
import { may } from "./rights";
import type { Conversation } from "./shapes";
import { addressOf, categories, changes, channelOf, listed } from "./store";

/** The rights in a channel: its overwrites, those of its category, and why a person has a right or not. */
export function RightsPage({ params }: PageProps) {
  const t = useWords();
  const { state, problem } = useStore(listed);
  useStore(changes);
  const channel = channelOf(params["name"] ?? "");
  const missing = state === "here" && (!channel || !may(channel, "manage"));
  const title = channel ? t("chat.rights.of", { name: channel.name ?? "" }) : t("chat.rights");
  return (
    <Page
      title={title}
      before={
        <Link
          href={channel ? `${addressOf(channel)}?side=details` : "/channels"}
          className="icon-btn"
          aria-label={t("chat.rights.back")}
        >
          <Icon name="left" size={20} />
        </Link>
      }
    >
      {missing
        ? <ErrorState problem={problem ?? new Problem(404, "not_found", "", "")} />
        : channel
        ? <Rights channel={channel} />
        : <Skeleton rows={6} />}
    </Page>
  );
}

function Rights({ channel }: { channel: Conversation }) {
  const t = useWords();
  const manages = useCan("channels.manage");
  const category = useStore(categories).find(({ id }) => id === channel.category_id);
  return (
    <div className="rights">
      <div className="stack">
        <p className="muted">{t(channel.visibility === "private" ? "chat.rights.private" : "chat.rights.public")}</p>
        <Overwrites place={`channels/${channel.id}`} title={t("chat.rights.here")} />
        {category && manages && (
          <Overwrites
            place={`channel-categories/${category.id}`}
            title={t("chat.rights.category", { name: category.name })}
            hint={t("chat.rights.categoryHint")}
          />
        )}
      </div>
      <Explained channel={channel} />
    </div>
  );
}

interface Reason {
  source: string;
  effect: string;
  kind: string | null;
  id: string | null;
  inherited: boolean;
}

interface Right {
  key: string;
  granted: boolean;
  because: readonly Reason[];
}

const readRight = (value: unknown): Right => {
  const raw = asRaw(value);
  return {
    key: asText(raw["key"]) ?? "",
    granted: raw["granted"] === true,
    because: asList(raw["because"]).map(asRaw).map((each) => {
      const target = asRaw(each["target"]);
      return {
        source: asText(each["source"]) ?? "",
        effect: asText(each["effect"]) ?? "",
        kind: asText(target["kind"]),
        id: asText(target["id"]),
        inherited: target["inherited"] === true,
      };
    }),
  };
};

function sentence({ source, effect, kind, id, inherited }: Reason, t: Words): string {
  if (source === "owner") return t("chat.why.owner");
  if (source === "private") return t("chat.why.private");
  if (source === "site") return t(effect === "deny" ? "chat.why.siteDeny" : "chat.why.siteAllow");
  const card = kind === "user" && id !== null ? cards.get(id) : undefined;
  const who = kind === "user" ? (card ? nameOf(card) : t("chat.why.person")) : roles.get().byId[id ?? ""]?.name ?? "…";
  const where = inherited ? "category" : "channel";
  return t(effect === "deny" ? `chat.why.${where}Deny` : `chat.why.${where}Allow`, { who });
}

/** The rights of one person here, and why. */
function Explained({ channel }: { channel: Conversation }) {
  const t = useWords();
  const { user } = useSession();
  useStore(roles);
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [picks, setPicks] = useState(false);
  const person = picked[0] ?? user.id;
  const card = useCard(person);
  const { data, problem, reload } = useQuery(
    `channel-rights:${channel.id}:${person}`,
    (signal) =>
      get<unknown>(`/channels/${channel.id}/permissions`, { user: person }, signal).then((answer) =>
        asList(asRaw(answer)["items"]).map(readRight)
      ),
    { about: ["channel-rights"], fresh: 0 },
  );
  const name = card ? nameOf(card) : person.replace(/^u_/, "@");
  const title = person === user.id ? t("chat.why.mine") : t("chat.why.title", { name });
  return (
    <section className="stack tight" aria-labelledby="why-here">
      <h2 id="why-here">{title}</h2>
      {problem && !data && <ErrorState problem={problem} onRetry={reload} />}
      {!data && !problem && <Skeleton rows={5} />}
      {data && (
        <ul role="list" className="rights-why" aria-label={title}>
          {data.map((right) => (
            <li key={right.key} className={right.granted ? "granted" : "refused"}>
              <Icon name={right.granted ? "check" : "minus"} />
              <div className="grow">
                <div>
                  {t(`chat.right.${right.key}` as "chat.right.chat.read")}
                  <span className="hidden">({t(right.granted ? "chat.why.yes" : "chat.why.no")})</span>
                </div>
                {right.because.length === 0
                  ? <div className="tiny muted">{t("chat.why.nothing")}</div>
                  : right.because.map((reason, at) => <div key={at} className="tiny muted">{sentence(reason, t)}</div>)}
              </div>
            </li>
          ))}
        </ul>
      )}
      {picks
        ? (
          <PickPeople
            picked={picked}
            onChange={(next) => {
              setPicked(next.slice(-1));
              if (next.length > 0) setPicks(false);
            }}
          />
        )
        : <Button icon="user" onClick={() => setPicks(true)}>{t("chat.why.other")}</Button>}
    </section>
  );
}
