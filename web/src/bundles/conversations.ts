// Conversations: their pages, their lists in the sidebar, and what follows them.
export {
  ChannelList,
  ChannelPage,
  ChannelsPage,
  DirectList,
  DirectPage,
  followConversations,
  palette,
} from "../features/conversations/pages";
