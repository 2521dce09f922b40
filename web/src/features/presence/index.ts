// Who is there, and how one shows oneself.
import type { Feature } from "../../contract/feature";
import { withTeamWords } from "../../lib/teamWords";
import { watchInput } from "./own";

export const presence: Feature = {
  name: "presence",
  palette: () => withTeamWords(import("../../bundles/palette")).then((found) => found.presence),
  whileSignedIn: () => watchInput(),
};
