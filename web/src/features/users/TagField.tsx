import { type InputHTMLAttributes, useId } from "react";
import { get } from "../../lib/api";
import { useQuery } from "../../lib/query";
import { asList, asRaw, asText } from "../../lib/resources";
import { TextField } from "../../ui/Field";

const none: readonly string[] = [];

/** The tags in use, the most used first. */
export function useTags(): readonly string[] {
  const { data } = useQuery<readonly string[]>("tags", async () => {
    const raw = asRaw(await get<unknown>("/users/tags"));
    return asList(raw["items"]).flatMap((each) => asText(asRaw(each)["tag"]) ?? []);
  });
  return data ?? none;
}

interface TagFieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  fault?: string | undefined;
}

/** A tag, with those in use suggested. */
export function TagField(props: TagFieldProps) {
  const id = useId();
  const tags = useTags();
  return (
    <>
      <TextField {...props} maxLength={40} list={id} autoComplete="off" />
      <datalist id={id}>
        {tags.map((tag) => <option key={tag} value={tag} />)}
      </datalist>
    </>
  );
}
