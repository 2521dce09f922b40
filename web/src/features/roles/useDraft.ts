import { useEffect, useState } from "react";
import type { Role } from "../../lib/resources";
import { blank, type Draft, draftOf, patchOf } from "./draft";

export interface Editing {
  /** The role as it was when the edit began, or when theirs was taken in. */
  base: Draft;
  /** The version that `base` is: what a save names, so that it overwrites nothing it has not seen. */
  version: number | undefined;
  draft: Draft;
  setDraft: (draft: Draft) => void;
  touched: boolean;
  /** Somebody saved the role since the edit began. */
  overtaken: boolean;
  /** Begins again from a saved role, with a draft of its own if there is one. */
  begin: (role: Role, draft?: Draft) => void;
  reset: () => void;
}

/** The draft follows the role while nothing is touched; once touched, it stays, and tells when somebody was quicker. */
export function useDraft(role: Role | null): Editing {
  const [base, setBase] = useState<Draft>(() => (role ? draftOf(role) : blank));
  const [version, setVersion] = useState(role?.version);
  const [draft, setDraft] = useState<Draft>(base);
  const touched = Object.keys(patchOf(base, draft)).length > 0;
  const begin = (from: Role, next = draftOf(from)) => {
    setBase(draftOf(from));
    setVersion(from.version);
    setDraft(next);
  };
  useEffect(() => {
    if (role && !touched) begin(role);
  }, [role]);
  const overtaken = touched && role?.version !== undefined && version !== undefined && role.version > version;
  return {
    base,
    version,
    draft,
    setDraft,
    touched,
    overtaken,
    begin,
    reset: () => (role ? begin(role) : setDraft(base)),
  };
}
