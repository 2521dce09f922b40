// Whether a call goes on, for the frame, which knows nothing else of calls until then.
import { createStore } from "../../lib/store";

export const inCall = createStore(false);
