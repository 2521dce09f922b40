// Runs before the first paint, so that nothing flashes: the theme of this device.
import { applyTheme } from "../ui/theme";

applyTheme();
