export { BrowsePage } from "./BrowsePage";
export { FilmsHome } from "./FilmsHome";
export { LinkedTitles } from "./LinkedTitles";
export { OwnTitles } from "./OwnTitles";
export { PersonPage } from "./PersonPage";
export { TitlePage } from "./TitlePage";
