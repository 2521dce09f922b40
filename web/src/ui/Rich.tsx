import { Fragment, type ReactNode } from "react";
import { type Key, useWords } from "../lib/i18n";

/** A sentence of the dictionary with elements in its places: `{actor} gave {role} to {user}`. */
export function Rich({ say, parts, count }: { say: Key; parts: Record<string, ReactNode>; count?: number }) {
  const t = useWords();
  const pieces = t(say, count === undefined ? {} : { count }).split(/\{(\w+)\}/);
  return <>{pieces.map((piece, index) => <Fragment key={index}>{index % 2 ? parts[piece] : piece}</Fragment>)}</>;
}
