import { type KeyboardEvent, useEffect, useId, useMemo, useState } from "react";
import { signOut, useCan, useSession } from "../features/accounts/session";
import { Avatar } from "../features/presence/Avatar";
import { choose } from "../features/presence/own";
import { StatusMark } from "../features/presence/StatusMark";
import { RoleDot } from "../features/roles/RoleChip";
import { useRoles } from "../features/roles/roles";
import { findPeople } from "../features/users/people";
import { fold } from "../lib/fold";
import { setLanguage, useLanguage, useWords } from "../lib/i18n";
import { nameOf, type User } from "../lib/resources";
import { navigate } from "../lib/router";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { setTheme } from "../ui/theme";
import type { PlaceOf } from "./places";

interface Command {
  id: string;
  label: string;
  hint?: string;
  mark: JSX.Element;
  run: () => void;
}

/** Go anywhere, find anybody, do the common things: all from the keyboard. */
export function Palette({ places, onClose }: { places: readonly PlaceOf[]; onClose: () => void }) {
  const t = useWords();
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const people = usePeople(text);
  const fixed = useCommands(places);
  const found = useMemo(() => {
    const wanted = fold(text.trim());
    const matching = fixed.filter((each) => fold(`${each.label} ${each.hint ?? ""}`).includes(wanted));
    return [...matching.slice(0, wanted ? 8 : 9), ...people];
  }, [fixed, people, text]);
  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setAt((now) => (now + step + found.length) % Math.max(1, found.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(found[at]);
    }
  };
  useEffect(() => {
    // In braces: what scrollIntoView gives back is not a clean-up.
    void document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: "nearest" });
  }, [at]);
  return (
    <Dialog title={t("palette.title")} onClose={onClose} width="medium" bare>
      <div className="palette">
        <div className="palette-box">
          <Icon name="search" size={18} />
          <input
            role="combobox"
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={found[at] ? `${id}-${at}` : undefined}
            aria-label={t("palette.title")}
            placeholder={t("palette.placeholder")}
            autoFocus
            value={text}
            onKeyDown={onKeyDown}
            onChange={(event) => {
              setText(event.target.value);
              setAt(0);
            }}
          />
          <kbd aria-hidden="true">Esc</kbd>
        </div>
        <ul role="listbox" id={`${id}-list`} aria-label={t("palette.results")} className="palette-list">
          {found.map((command, index) => (
            <li
              key={command.id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === at}
              className="palette-item"
              onMouseMove={() => setAt(index)}
              onClick={() => run(command)}
            >
              <span className="palette-mark">{command.mark}</span>
              <span className="cut">{command.label}</span>
              {command.hint && <span className="muted tiny cut">{command.hint}</span>}
            </li>
          ))}
        </ul>
        {found.length === 0 && <p className="palette-none muted" role="status">{t("palette.none")}</p>}
      </div>
    </Dialog>
  );
}

function usePeople(text: string): Command[] {
  const may = useCan("users.read");
  const [people, setPeople] = useState<User[]>([]);
  const wanted = text.trim();
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
  return people.map((user) => ({
    id: user.id,
    label: nameOf(user),
    hint: `@${user.username}`,
    mark: <Avatar user={user} size="small" />,
    run: () => navigate(`/members/${user.id}`),
  }));
}

function useCommands(places: readonly PlaceOf[]): Command[] {
  const t = useWords();
  const of = useLanguage();
  const { user } = useSession();
  const adds = useCan("users.create");
  const manages = useCan("roles.manage");
  const explains = useCan("roles.read");
  const sees = useCan("users.read");
  const roles = useRoles();
  return useMemo(() => {
    const icon = (name: Parameters<typeof Icon>[0]["name"]) => <Icon name={name} />;
    const go = places.map((each) => ({
      id: each.id,
      label: t(each.label),
      hint: t("palette.go"),
      mark: icon(each.icon),
      run: () => navigate(each.path),
    }));
    const status = (["online", "idle", "dnd", "invisible"] as const).map((each) => ({
      id: `status-${each}`,
      label: t(`status.${each}`),
      hint: t("palette.status"),
      mark: <StatusMark status={each} silent />,
      run: () => void choose(user.id, { status: each }),
    }));
    const theme = (["dark", "light", "system"] as const).map((each) => ({
      id: `theme-${each}`,
      label: t(`settings.theme.${each}`),
      hint: t("settings.theme"),
      mark: icon(each === "dark" ? "moon" : each === "light" ? "sun" : "screen"),
      run: () => setTheme(each),
    }));
    const other = of === "fr" ? "en" : "fr";
    return [
      ...(adds
        ? [{ id: "new-user", label: t("users.create"), mark: icon("plus"), run: () => navigate("/members?new=1") }]
        : []),
      ...(manages
        ? [{ id: "new-role", label: t("roles.create"), mark: icon("plus"), run: () => navigate("/roles/new") }]
        : []),
      ...(explains && sees
        ? [{ id: "who", label: t("who.title"), mark: icon("shield"), run: () => navigate("/permissions") }]
        : []),
      ...go,
      ...status,
      ...theme,
      {
        id: "language",
        label: other === "fr" ? "Français" : "English",
        hint: t("settings.language"),
        mark: icon("globe"),
        run: () => setLanguage(other),
      },
      { id: "out", label: t("settings.signOut"), mark: icon("out"), run: () => void signOut() },
      ...(places.some((each) => each.id === "roles")
        ? roles.map((role) => ({
          id: role.id,
          label: role.name,
          hint: t("nav.roles"),
          mark: <RoleDot role={role} />,
          run: () => navigate(`/roles/${role.id}`),
        }))
        : []),
    ];
  }, [t, of, places.length, adds, manages, explains, sees, roles, user.id]);
}
