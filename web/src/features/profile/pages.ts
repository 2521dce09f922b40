import "./profile.css";

export { BannerSettings } from "./BannerSettings";
export { ProfilePage } from "./ProfilePage";
