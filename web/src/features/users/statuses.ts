// What the team sets of somebody's status: on screen at once, with the way back.
import { post } from "../../lib/api";
import { asProblem } from "../../lib/problem";
import {
  type Activity,
  asNumber,
  asRaw,
  asStatus,
  asText,
  nameOf,
  readPresence,
  type Status,
} from "../../lib/resources";
import { useStore } from "../../lib/store";
import { say, sayProblem } from "../../ui/Toasts";
import { useSession } from "../accounts/session";
import { presences, seed } from "../presence/presences";
import { roles } from "../roles/roles";
import { people } from "./people";

export interface Named {
  id: string;
  username: string;
  display_name: string | null;
}

/** What somebody chose to show, as those who manage statuses know it. */
export interface Choice {
  status: Status;
  message: string | null;
  emoji: string | null;
  expiresAt: string | null;
  activity: Activity | null;
}

export const noChoice: Choice = { status: "online", message: null, emoji: null, expiresAt: null, activity: null };

/** Null until the person was read. */
export function choiceOf(id: string): Choice | null {
  const user = people.get(id);
  if (!user) return null;
  const shown = presences.get(id) ?? user.presence;
  return {
    status: user.chosen_status ?? "online",
    message: shown.status_message,
    emoji: shown.status_emoji,
    expiresAt: user.status_expires_at,
    activity: shown.activity,
  };
}

const names = {
  status: "status",
  message: "status_message",
  emoji: "status_emoji",
  expiresAt: "status_expires_at",
  activity: "activity",
} as const;

function bodyOf(change: Partial<Choice>): Record<string, unknown> {
  const fields = Object.entries(change).map(([name, value]): [string, unknown] => [names[name as keyof Choice], value]);
  const body = Object.fromEntries(fields);
  // An end that has passed meanwhile is none: the server takes no time that is over.
  if (change.expiresAt && Date.parse(change.expiresAt) <= Date.now()) body["status_expires_at"] = null;
  if (change.activity) {
    body["activity"] = Object.fromEntries(Object.entries(change.activity).filter(([, value]) => value !== null));
  }
  return body;
}

/** Sets what changed of somebody's choice; the former one comes back when the server refuses, or on their word. */
export async function setStatusOf(person: Named, change: Partial<Choice>, before: Choice): Promise<void> {
  const shown = presences.get(person.id);
  if (shown) {
    const { status, message, emoji, activity } = { ...before, ...change };
    const isThere = shown.status !== "offline";
    presences.set(person.id, {
      ...shown,
      status: isThere && change.status ? status : shown.status,
      status_message: message,
      status_emoji: emoji,
      activity: isThere ? activity : null,
    });
  }
  const guess = presences.get(person.id);
  const askedAt = Date.now();
  try {
    const answer = asRaw(await post<unknown>(`/users/${person.id}/status`, bodyOf(change)));
    seed(person.id, { ...readPresence(answer), version: asNumber(answer["version"]) ?? 0 }, askedAt);
    people.update(person.id, (user) => ({
      ...user,
      chosen_status: asStatus(answer["chosen_status"]) ?? user.chosen_status,
      status_expires_at: asText(answer["status_expires_at"]),
    }));
    const back = Object.fromEntries(Object.keys(change).map((name) => [name, before[name as keyof Choice]]));
    say("status.setFor", { user: nameOf(person) }, () => void setStatusOf(person, back, { ...before, ...change }));
  } catch (error) {
    // What an event told since is truer than what was before.
    if (shown && presences.get(person.id) === guess) presences.set(person.id, shown);
    sayProblem(asProblem(error), () => void setStatusOf(person, change, before));
  }
}

/** Whether I stand strictly above somebody, as far as the roles are known; the server decides. */
export function useOutranks(person: { id: string; roles: readonly string[] }): boolean {
  const { user } = useSession();
  return useStore(roles, ({ byId }) => {
    const top = (ids: readonly string[]) => Math.max(-1, ...ids.map((id) => byId[id]?.priority ?? -1));
    return user.id !== person.id && top(user.roles) > top(person.roles);
  });
}
