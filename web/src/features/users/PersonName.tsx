import { useEffect } from "react";
import { nameOf } from "../../lib/resources";
import { Link } from "../../ui/Link";
import { fetchUser, usePerson } from "./people";

/** Somebody by id: their name once it is known, leading to their sheet. */
export function PersonName({ id }: { id: string }) {
  const user = usePerson(id);
  useEffect(() => {
    if (!user) fetchUser(id).catch(() => undefined);
  }, [id]);
  return <Link href={`/panel/members/${id}`} className="textlink">{user ? nameOf(user) : `#${id.slice(0, 8)}`}</Link>;
}
