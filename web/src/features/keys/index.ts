// API keys; they are managed in the settings.
import type { Feature } from "../../contract/feature";

export const keys: Feature = {
  name: "keys",
  audit: {
    "api_key.create": "say.api_key.create",
    "api_key.update": "say.api_key.update",
    "api_key.rotate": "say.api_key.rotate",
    "api_key.revoke": "say.api_key.revoke",
  },
};
