// Conversations: their pages, their lists in the sidebar, and what follows them.
export {
  ArrangePage,
  ChannelList,
  ChannelPage,
  ChannelsPage,
  DirectList,
  DirectPage,
  followConversations,
  palette,
  RightsPage,
  ShareDialog,
} from "../features/conversations/pages";
