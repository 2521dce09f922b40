import type { Key } from "../../lib/i18n";

interface Refusal {
  title: Key;
  text: Key;
}

const known: Readonly<Record<string, Refusal>> = {
  openid_declined: { title: "openid.declined.title", text: "openid.declined.text" },
  openid_expired: { title: "openid.expired.title", text: "openid.expired.text" },
  openid_address_exists: { title: "openid.exists.title", text: "openid.exists.text" },
  openid_unreachable: { title: "openid.unreachable.title", text: "openid.unreachable.text" },
  openid_other_session: { title: "openid.otherSession.title", text: "openid.otherSession.text" },
  identity_taken: { title: "openid.taken.title", text: "openid.taken.text" },
  already_linked: { title: "openid.linked.title", text: "openid.linked.text" },
  registration_closed: { title: "openid.closed.title", text: "openid.closed.text" },
  pending_approval: { title: "openid.pending.title", text: "openid.pending.text" },
  email_unverified: { title: "openid.unverified.title", text: "openid.unverified.text" },
  registration_refused: { title: "openid.notAccepted.title", text: "openid.notAccepted.text" },
  banned: { title: "openid.barred.title", text: "openid.banned.text" },
  disabled: { title: "openid.barred.title", text: "openid.disabled.text" },
  rate_limited: { title: "openid.failed.title", text: "openid.tooMany.text" },
};

/** The words for the code with which the server ended a sign-in. */
export const refusalOf = (code: string): Refusal =>
  Object.hasOwn(known, code) && known[code] || { title: "openid.failed.title", text: "openid.failed.text" };
