import "./voice.css";

export { CallButton } from "./CallButton";
export { CallNotice, DockedBar } from "./CallNotice";
export { followCalls } from "./follow";
