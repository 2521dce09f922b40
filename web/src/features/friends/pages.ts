import "./friends.css";
import { gateway } from "../../lib/live";
import { followFriends as follow } from "./friends";

export { FriendsPage } from "./FriendsPage";
export const followFriends = (): () => void => follow((type, listener) => gateway.on(type, listener));
