import "./friends.css";

export { followFriends } from "./friends";
export { FriendsPage } from "./FriendsPage";
export { FriendButton, WriteButton } from "./ProfileActs";
