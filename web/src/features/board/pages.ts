import "./board.css";
export { BoardPage } from "./BoardPage";
