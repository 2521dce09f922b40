// Friends, their requests, and what follows them.
export { followFriends, FriendButton, FriendsPage, WriteButton } from "../features/friends/pages";
