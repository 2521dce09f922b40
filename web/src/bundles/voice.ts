// Calls.
export { CallButton, CallNotice, DockedBar, followCalls } from "../features/voice/pages";
