import "./pickPeople.css";
import { useState } from "react";
import { fold } from "../../lib/fold";
import { useWords } from "../../lib/i18n";
import { nameOf } from "../../lib/resources";
import { Check } from "../../ui/Check";
import { SearchBox } from "../../ui/SearchBox";
import { Skeleton } from "../../ui/States";
import { useFriends } from "../friends/friends";
import { Avatar } from "../presence/Avatar";

interface PickPeopleProps {
  /** Ids, or `u_name` for people who are no friends. */
  picked: readonly string[];
  onChange: (picked: readonly string[]) => void;
  without?: readonly string[];
}

/** Chooses friends, or other people by username. */
export function PickPeople({ picked, onChange, without = [] }: PickPeopleProps) {
  const t = useWords();
  const { data } = useFriends();
  const [text, setText] = useState("");
  const wanted = fold(text.trim().replace(/^@/, ""));
  const found = (data ?? []).filter(({ user }) =>
    !without.includes(user.id) && fold(`${nameOf(user)} ${user.username}`).includes(wanted)
  );
  const named = /^[a-z0-9_.]{2,32}$/.test(wanted) && !found.some(({ user }) => user.username === wanted)
    ? `u_${wanted}`
    : null;
  const toggle = (id: string) => onChange(picked.includes(id) ? picked.filter((each) => each !== id) : [...picked, id]);
  const others = picked.filter((each) => each.startsWith("u_") && each !== named);
  return (
    <div className="pick-people">
      <SearchBox label={t("chat.pick.search")} value={text} onChange={setText} />
      {!data && <Skeleton rows={3} />}
      <ul role="list" aria-label={t("chat.pick.people")}>
        {found.slice(0, 50).map(({ user }) => (
          <li key={user.id}>
            <Check
              checked={picked.includes(user.id)}
              onChange={() => toggle(user.id)}
              label={
                <span className="pick-person">
                  <Avatar user={user} size="small" />
                  <span className="cut">{nameOf(user)}</span>
                  <span className="tiny muted cut">@{user.username}</span>
                </span>
              }
            />
          </li>
        ))}
        {[...others, ...(named ? [named] : [])].map((each) => (
          <li key={each}>
            <Check
              checked={picked.includes(each)}
              onChange={() => toggle(each)}
              label={<span>@{each.slice(2)}</span>}
            />
          </li>
        ))}
      </ul>
      {data?.length === 0 && text === "" && <p className="tiny muted">{t("chat.pick.hint")}</p>}
    </div>
  );
}
