export { ArrangePage } from "./ArrangePage";
export { ChannelsPage } from "./ChannelsPage";
export { ChannelPage, DirectPage } from "./ConversationPage";
export { ChannelList, DirectList } from "./lists";
export { followConversations } from "./live";
export { RightsPage } from "./RightsPage";
export { palette } from "./palette";
export { ShareDialog } from "./ShareDialog";
