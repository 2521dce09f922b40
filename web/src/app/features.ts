// The features of the app. A new one is a folder under features/ and a line here.
import type { Feature } from "../contract/feature";
import { accounts } from "../features/accounts/index";
import { analytics } from "../features/analytics/index";
import { audit } from "../features/audit/index";
import { board } from "../features/board/index";
import { catalogue } from "../features/catalogue/index";
import { conversations } from "../features/conversations/index";
import { dashboard } from "../features/dashboard/index";
import { friends } from "../features/friends/index";
import { home } from "../features/home/index";
import { imports } from "../features/imports/index";
import { joining } from "../features/joining/index";
import { keys } from "../features/keys/index";
import { media } from "../features/media/index";
import { moderation } from "../features/moderation/index";
import { notifications } from "../features/notifications/index";
import { openid } from "../features/openid/index";
import { passkeys } from "../features/passkeys/index";
import { presence } from "../features/presence/index";
import { profile } from "../features/profile/index";
import { roles } from "../features/roles/index";
import { sanctions } from "../features/sanctions/index";
import { settings } from "../features/settings/index";
import { users } from "../features/users/index";
import { voice } from "../features/voice/index";
import { webhooks } from "../features/webhooks/index";

export const features: readonly Feature[] = [
  home,
  friends,
  conversations,
  notifications,
  accounts,
  presence,
  users,
  roles,
  audit,
  board,
  dashboard,
  analytics,
  joining,
  imports,
  catalogue,
  keys,
  passkeys,
  media,
  profile,
  sanctions,
  moderation,
  voice,
  webhooks,
  openid,
  settings,
];
