// The few signs of files, in their bundle.
const paths = {
  attach:
    "M19 11l-7.5 7.5a4.5 4.5 0 0 1-6.400-6.400L13 4.300a3 3 0 0 1 4.200 4.200l-7.800 7.800a1.500 1.500 0 0 1-2.100-2.100L14 7.500",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  picture: "M4 5h16v14H4zM4 16l4.500-4.500 4 4 2.500-2.500 5 4.500M15 9.500h.01",
  sound:
    "M9 18V6l10-2v12M9 18a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0zM19 16a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0z",
  video: "M4 6h11v12H4zM15 10.500l5-3v9l-5-3z",
  pause: "M9 6v12M15 6v12",
  play: "M8 5.500v13l10.500-6.500z",
  download: "M12 4v11M7.500 10.500L12 15l4.500-4.500M5 19.500h14",
} as const;

export function Glyph({ name, size = 18 }: { name: keyof typeof paths; size?: number }) {
  return (
    <svg className="i" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
