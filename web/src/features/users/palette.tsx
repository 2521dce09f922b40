import { useEffect, useMemo, useState } from "react";
import type { Command, PaletteSource } from "../../contract/feature";
import { useWords } from "../../lib/i18n";
import { nameOf, type User } from "../../lib/resources";
import { navigate } from "../../lib/router";
import { Icon } from "../../ui/Icon";
import { covers } from "../../lib/permissions";
import { useCan, useSession } from "../accounts/session";
import { Avatar } from "../presence/Avatar";
import { findPeople } from "./people";
import { neededFor, parseAct, placeOfAct } from "./personActs";

function useCommands(): readonly Command[] {
  const t = useWords();
  const adds = useCan("users.create");
  const sees = useCan("users.read");
  const explains = useCan("roles.read");
  return useMemo(() => [
    ...(adds
      ? [{
        id: "new-user",
        label: t("users.add"),
        also: t("palette.also.addMember"),
        mark: <Icon name="plus" />,
        run: () => navigate("/panel/members?new=1"),
      }]
      : []),
    ...(explains && sees
      ? [{ id: "who", label: t("who.title"), mark: <Icon name="shield" />, run: () => navigate("/panel/roles/who") }]
      : []),
  ], [t, adds, sees, explains]);
}

function useFound(text: string): readonly Command[] {
  const may = useCan("users.read");
  const [people, setPeople] = useState<User[]>([]);
  const t = useWords();
  const { permissions } = useSession();
  const asked = parseAct(text);
  const acts = asked && covers(permissions, neededFor[asked.act]) ? asked : null;
  const wanted = (acts?.rest ?? text).trim();
  useEffect(() => {
    if (!may || wanted.length < 2) return setPeople([]);
    const stop = new AbortController();
    const timer = setTimeout(() => {
      findPeople(wanted, 6, stop.signal).then(setPeople, () => setPeople([]));
    }, 140);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [wanted, may]);
  if (acts) {
    return people.map((user) => ({
      id: `${acts.act}-${user.id}`,
      label: t(`palette.act.${acts.act}`, { user: nameOf(user) }),
      hint: `@${user.username}`,
      mark: <Avatar user={user} size="small" />,
      run: () => navigate(placeOfAct(acts.act, user.id)),
    }));
  }
  return people.map((user) => ({
    id: user.id,
    label: nameOf(user),
    hint: `@${user.username}`,
    mark: <Avatar user={user} size="small" />,
    run: () => navigate(`/panel/members/${user.id}`),
  }));
}

export const palette: PaletteSource = { useCommands, useFound };
