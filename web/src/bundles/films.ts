// Films and series, and the pages of who made them.
export { BrowsePage, FilmsHome, LinkedTitles, OwnTitles, PersonPage, TitlePage } from "../features/media/pages";
