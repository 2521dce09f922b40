// Signing in and out, joining, the way back in; what one sees before one is in.
import type { Feature } from "../../contract/feature";
import { lazily, type PageProps } from "../../contract/page";
import { hearOfSession } from "./session";

const pages = () => import("../../bundles/gate");
export const signInPage = lazily<PageProps>("gate", () => pages().then(({ SignIn }) => SignIn));

declare module "../../contract/feature" {
  interface Slots {
    /** Below the forms of signing in and joining: the providers with which one can sign in instead. */
    "signIn.providers": object;
  }
}

export const accounts: Feature = {
  name: "accounts",
  routes: [
    { path: "/signin", space: null, when: "out", page: signInPage },
    {
      path: "/signin/forgot",
      space: null,
      when: "out",
      page: lazily<PageProps>("gate", () => pages().then(({ Forgot }) => Forgot)),
    },
    {
      path: "/setup",
      space: null,
      when: "notIn",
      page: lazily<PageProps>("gate", () => pages().then(({ SetUp }) => SetUp)),
    },
    {
      path: "/join",
      space: null,
      when: "out",
      page: lazily<PageProps>("gate", () => pages().then(({ Join }) => Join)),
    },
    {
      path: "/verify",
      space: null,
      when: "always",
      page: lazily<PageProps>("gate", () => pages().then(({ Verify }) => Verify)),
    },
    {
      path: "/reset",
      space: null,
      when: "always",
      page: lazily<PageProps>("gate", () => pages().then(({ Reset }) => Reset)),
    },
  ],
  audit: {
    "auth.setup": "say.auth.setup",
    "auth.login": "say.auth.login",
    "auth.logout": "say.auth.logout",
    "auth.register": "say.auth.register",
    "auth.password_reset": "say.auth.password_reset",
    "session.revoke": "say.session.revoke",
    "totp.begin": "say.totp.begin",
    "totp.confirm": "say.totp.confirm",
    "totp.remove": "say.totp.remove",
    "totp.reset": "say.totp.reset",
  },
  events: hearOfSession,
};
