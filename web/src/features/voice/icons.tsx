// Icons of calls, drawn like the app's.
import { Outline } from "../../ui/Icon";

const paths = {
  phone: "M6 4h3l1.5 4.5L8.500 10a12 12 0 0 0 5.500 5.500l1.500-2L20 15v3a2 2 0 0 1-2 2A14 14 0 0 1 4 6a2 2 0 0 1 2-2z",
  hang: "M3.500 14.500c5-5 12-5 17 0l-2 2.500-4-1.500v-2.500a9 9 0 0 0-5 0v2.500l-4 1.500z",
  microphone: "M12 14.500a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v5.500a3 3 0 0 0 3 3zM6 11.500a6 6 0 0 0 12 0M12 17.500V21",
  microphoneOff:
    "M4 4l16 16M9 9v2.500a3 3 0 0 0 4.500 2.600M15 11V6a3 3 0 0 0-5.700-1.300M6 11.500a6 6 0 0 0 9.500 4.900M18 11.500a6 6 0 0 1-.5 2.400M12 17.500V21",
  sound: "M4 14v-2a8 8 0 0 1 16 0v2M4 14.500h3v5H5a1 1 0 0 1-1-1zM20 14.500h-3v5h2a1 1 0 0 0 1-1z",
  soundOff:
    "M4 4l16 16M4 14v-2a8 8 0 0 1 1.800-5M8.500 4.800A8 8 0 0 1 20 12v2M4 14.500h3v5H5a1 1 0 0 1-1-1zM20 14.500h-2.500",
  camera: "M3.500 7h11v10h-11zM14.500 10.500l6-3v9l-6-3z",
  signal: "M5 19v-4M10 19V11M15 19V7.500M20 19V4",
};

export type CallIcon = keyof typeof paths;

export const Drawn = ({ name, size = 18 }: { name: CallIcon; size?: number }) => (
  <Outline path={paths[name]} size={size} />
);
