import type { Lazy } from "../../contract/page";
import { Part } from "../../contract/Part";
import { useStore } from "../../lib/store";
import { inCall } from "./shown";

/** Fetches the bar once there is a call. */
export function Dock({ bar }: { bar: Lazy<object> }) {
  const isOn = useStore(inCall);
  return isOn ? <Part of={bar} props={{}} coming={null} /> : null;
}
