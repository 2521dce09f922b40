// Runs before the first paint, so that nothing flashes: the theme of this device.
import { keptTheme, paint } from "../ui/paint";

paint(keptTheme());
