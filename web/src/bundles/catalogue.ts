// Imports of films and series.
export { CataloguePage } from "../features/catalogue/CataloguePage";
