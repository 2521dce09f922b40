// Friends, their requests, and what follows them.
export { followFriends, FriendsPage } from "../features/friends/pages";
