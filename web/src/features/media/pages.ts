export { BrowsePage } from "./BrowsePage";
export { FilmsHome } from "./FilmsHome";
export { OwnTitles } from "./OwnTitles";
export { PersonPage } from "./PersonPage";
export { TitlePage } from "./TitlePage";
