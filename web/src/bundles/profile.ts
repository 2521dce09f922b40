// Members' profiles, and what of one's own is set in the settings.
export { BannerSettings, ProfilePage } from "../features/profile/pages";
