// Opens the direct conversation with a person; creates it if needed.
import { post } from "../../lib/api";
import { modulesOn } from "../../lib/modules";
import { asProblem } from "../../lib/problem";
import { asRaw, asText } from "../../lib/resources";
import { navigate } from "../../lib/router";
import { sayProblem } from "../../ui/Toasts";

/** Whether this site has conversations. */
export const canWrite = (): boolean => modulesOn.get()?.includes("conversations") ?? false;

export async function writeTo(user: string): Promise<void> {
  try {
    const id = asText(asRaw(await post<unknown>("/conversations", { members: [user] }))["id"]);
    if (id) navigate(`/direct/${id}`);
  } catch (error) {
    sayProblem(asProblem(error), () => void writeTo(user));
  }
}
