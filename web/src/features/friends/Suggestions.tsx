import { useState } from "react";
import { get, newKey, type Page } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { asProblem } from "../../lib/problem";
import { amend, invalidate, useQuery } from "../../lib/query";
import { asList, asNumber, asRaw, nameOf } from "../../lib/resources";
import { Button } from "../../ui/Button";
import { say, sayProblem } from "../../ui/Toasts";
import { Avatar } from "../presence/Avatar";
import { type Card, learnCards, readCard } from "../presence/cards";
import { usePresence } from "../presence/presences";
import { ask } from "./friends";

interface Suggestion {
  user: Card;
  count: number;
  common: readonly Card[];
}

const key = "friend-suggestions";

const readSuggestion = (value: unknown): Suggestion => {
  const raw = asRaw(value);
  return {
    user: learnCards([raw["user"]])[0] ?? readCard(raw["user"]),
    count: asNumber(raw["common_count"]) ?? 0,
    common: learnCards(asList(raw["common"])),
  };
};

/** Friends of friends with the common friends; renders nothing without suggestions. */
export function Suggestions() {
  const t = useWords();
  const { data } = useQuery<Suggestion[]>(
    key,
    (signal) =>
      get<Page<unknown>>("/friends/suggestions", { limit: 6 }, signal).then(({ items }) => items.map(readSuggestion)),
    { about: ["friends", "friend-requests:out"], fresh: 60_000 },
  );
  if (!data || data.length === 0) return null;
  return (
    <section className="friends-group">
      <h2 className="group-title">{t("friends.suggested")}</h2>
      <ul role="list" className="friends-list" aria-label={t("friends.suggested")}>
        {data.map((each) => <SuggestionRow key={each.user.id} suggestion={each} />)}
      </ul>
    </section>
  );
}

function SuggestionRow({ suggestion: { user, count, common } }: { suggestion: Suggestion }) {
  const t = useWords();
  const presence = usePresence(user.id, user.presence);
  const [busy, setBusy] = useState(false);
  const name = nameOf(user);
  const add = async () => {
    setBusy(true);
    try {
      const { state } = await ask(user.id, "", newKey());
      amend<Suggestion[]>(key, (all) => all.filter((each) => each.user.id !== user.id));
      say(state === "accepted" ? "friends.said.accepted" : "friends.said.asked", { name });
    } catch (error) {
      sayProblem(asProblem(error));
      setBusy(false);
    } finally {
      invalidate(key);
    }
  };
  const rest = count - common.length;
  const names = common.map(nameOf).join(", ");
  return (
    <li className="friend-row">
      <Avatar user={user} status={presence.status} />
      <div className="grow">
        <div className="name cut">
          {name} <span className="handle muted tiny">@{user.username}</span>
        </div>
        <div className="tiny muted cut">
          {rest > 0 ? t("friends.commonMore", { names, count: rest }) : t("friends.common", { names })}
        </div>
      </div>
      <Button
        icon="addFriend"
        busy={busy}
        aria-label={t("friends.of", { name, act: t("friends.tab.add") })}
        onClick={() => void add()}
      >
        {t("friends.suggested.add")}
      </Button>
    </li>
  );
}
