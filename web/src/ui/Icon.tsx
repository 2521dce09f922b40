// The icons, drawn on a 24 grid with one stroke; decorative always: the control that holds one has a name.
const paths = {
  dashboard: "M4 13h6V4H4zM14 20h6v-9h-6zM14 4v4h6V4zM4 20h6v-4H4z",
  home: "M4 11l8-7 8 7v9h-5.5v-5.5h-5V20H4z",
  members:
    "M9 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2.5 20c0-3.800 2.800-5.5 6.5-5.5s6.5 1.7 6.5 5.5M16 4.5a4 4 0 0 1 0 7.200M18 15c2.300.7 3.5 2.400 3.5 5",
  roles: "M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6z",
  audit: "M6 3h9l4 4v14H6zM9.5 11h6M9.5 15h6",
  settings: "M4 7h9M19 7h1M4 17h1M11 17h9M16 4.5v5M8 14.5v5",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.5 4.5",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  check: "M5 12.5l4.5 4.5L19 7.5",
  down: "M6 9.5l6 6 6-6",
  up: "M6 14.5l6-6 6 6",
  grip: "M9 6h.01M9 12h.01M9 18h.01M15 6h.01M15 12h.01M15 18h.01",
  right: "M9.5 6l6 6-6 6",
  left: "M14.5 6l-6 6 6 6",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  chart: "M4 4v16h16M8 15l3.5-4.5 3 2.5L20 6.5",
  pause: "M8.5 5.5v13M15.5 5.5v13",
  pulse: "M3 12h4l2.5-7 5 14 2.5-7h4",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
  edit: "M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19z",
  undo: "M9 6L4.5 10.5 9 15M5 10.5h8.5a5.5 5.5 0 0 1 0 9H11",
  history: "M4 12a8 8 0 1 0 2.5-5.800M4 4.5v4h4M12 8v4.5l3 2",
  ban: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM6.5 6.5l11 11",
  sun:
    "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2.5V5M12 19v2.5M2.5 12H5M19 12h2.5M5.300 5.300l1.800 1.800M16.900 16.900l1.800 1.800M18.7 5.300l-1.800 1.800M7.100 16.900l-1.800 1.800",
  moon: "M20 14A8.5 8.5 0 0 1 10 4a8.5 8.5 0 1 0 10 10z",
  screen: "M3 5h18v11H3zM9 20h6M12 16v4",
  globe: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM3.5 12h17M12 3.5c5.5 5 5.5 12 0 17-5.5-5-5.5-12 0-17z",
  out: "M14 4H5v16h9M10 12h10M16.5 8.5L20 12l-3.5 3.5",
  keyboard: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M7.5 14h9",
  info: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 11v5M12 8h.01",
  warning: "M12 4l9 16H3zM12 10v4.5M12 17h.01",
  clock: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM12 7v5.5l3.5 2",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  eye:
    "M2.5 12C5 7.5 8 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.5 6.5-9.5 6.5S5 16.5 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  filter: "M4 6h16M7 12h10M10 18h4",
  shield: "M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6zM8.5 12l2.5 2.5 4.5-5",
  minus: "M6 12h12",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c0-4 3.200-6 7.5-6s7.5 2 7.5 6",
  bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 20.5a2 2 0 0 0 4 0",
  device: "M4 5h16v11H4zM2.5 19.5h19",
  hash: "M9 4L7 20M17 4l-2 16M4.5 9h16M3.5 15h16",
  inbox: "M4 13l2.5-8h11L20 13v6H4zM4 13h4.5a3.5 3.5 0 0 0 7 0H20",
  message: "M4 5h16v11H11l-4 4v-4H4z",
  friends:
    "M9 11.5a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 20c0-3.500 2.600-5.500 6.500-5.500s6.500 2 6.500 5.500M15.500 4.800a3.500 3.500 0 0 1 0 6.400M18 15c2.200.7 3.500 2.400 3.500 5",
  addFriend:
    "M10 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM3.500 20c0-3.500 2.600-5.500 6.500-5.500s6.500 2 6.500 5.500M19 8v6M16 11h6",
  send: "M4 12L20.500 4.500 15 20l-3.500-6.500zM11.500 13.500l4-4",
  reply: "M9 6L4 11l5 5M4.500 11H13a6.500 6.500 0 0 1 6.500 6.500V19",
  pin: "M9 4h6l-1 6 3 3v2H7v-2l3-3zM12 15v5.500",
  bellOff: "M6 16.500V11a6 6 0 0 1 9.500-4.900M18 11v5.500l1.500 2H8M10 20.500a2 2 0 0 0 4 0M4 4l16 16",
  megaphone: "M4 10v4h3l9 4.500v-13L7 10zM7 14l1.500 5.500H11L9.500 15M19 9.500a3.500 3.500 0 0 1 0 5",
  at:
    "M12 15.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM15.500 8.500v5c0 3 5 2.500 5-1.500a8.500 8.500 0 1 0-3.500 6.900",
  heart:
    "M12 20S4 15 4 9.300C4 6.500 6 5 8 5c1.800 0 3.200 1 4 2.500C12.800 6 14.200 5 16 5c2 0 4 1.500 4 4.300C20 15 12 20 12 20z",
  film: "M3.5 5h17v14h-17zM7.5 5v14M16.5 5v14M3.5 9.7h4M3.5 14.3h4M16.5 9.7h4M16.5 14.3h4",
  star: "M12 3.5l2.6 5.5 6 .8-4.4 4.2 1.1 6L12 17l-5.3 3 1.1-6L3.4 9.8l6-.8z",
  bookmark: "M6.5 4h11v16.5L12 16.5l-5.5 4z",
  bars: "M5 20v-6M10 20V9M15 20v-8M20 20V4.5",
  grid: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
  play: "M8 5.5v13l10.5-6.5z",
  export: "M12 4v12M6.5 11L12 16.5 17.5 11M5 20h14",
  calendar: "M4 6h16v14H4zM4 10.5h16M8.5 3.5v4M15.5 3.5v4",
  external: "M10 5H5v14h14v-5M14 4.5h5.5V10M19 5l-8 8",
  hide:
    "M4 4l16 16M9.5 6a9 9 0 0 1 2.5-.5c4 0 7 2 9.5 6.5a15 15 0 0 1-2.7 3.5M6 7.5A13 13 0 0 0 2.5 12C5 16.5 8 18.5 12 18.5c1.5 0 2.8-.3 4-.9M10 10a3 3 0 0 0 4 4.2",
  smile:
    "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM8.5 14.5c1 1.300 2.200 2 3.5 2s2.5-.7 3.5-2M9 10h.01M15 10h.01",
};

export type IconName = keyof typeof paths;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return <Outline path={paths[name]} size={size} width={name === "more" || name === "grip" ? 2.6 : 1.8} />;
}

/** Draws a path like the icons: for the bundles that bring icons of their own. */
export function Outline({ path, size, width = 1.8 }: { path: string; size: number; width?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={width}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={path} />
    </svg>
  );
}
