// How many notifications are unread: the same on each device of a person.
import { createStore } from "../../lib/store";

export const unread = createStore(0);

export const setUnread = (count: number): void => unread.set(count);
