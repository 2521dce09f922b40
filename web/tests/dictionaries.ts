// Every dictionary of the app. A feature with words of its own adds a line to `pairs`; words.test.ts finds the one that is missing.
import { en as catalogueEn } from "../src/features/catalogue/words.en";
import { fr as catalogueFr } from "../src/features/catalogue/words.fr";
import { en as conversationsEn } from "../src/features/conversations/words.en";
import { fr as conversationsFr } from "../src/features/conversations/words.fr";
import { en as filesEn } from "../src/features/files/words.en";
import { fr as filesFr } from "../src/features/files/words.fr";
import { en as friendsEn } from "../src/features/friends/words.en";
import { fr as friendsFr } from "../src/features/friends/words.fr";
import { en as importsEn } from "../src/features/imports/words.en";
import { fr as importsFr } from "../src/features/imports/words.fr";
import { en as mediaEn } from "../src/features/media/words.en";
import { fr as mediaFr } from "../src/features/media/words.fr";
import { en as analyticsEn } from "../src/features/analytics/words.en";
import { fr as analyticsFr } from "../src/features/analytics/words.fr";
import { en as moderationEn } from "../src/features/moderation/words.en";
import { fr as moderationFr } from "../src/features/moderation/words.fr";
import { en as notificationsEn } from "../src/features/notifications/words.en";
import { fr as notificationsFr } from "../src/features/notifications/words.fr";
import { en as openidEn } from "../src/features/openid/words.en";
import { fr as openidFr } from "../src/features/openid/words.fr";
import { en as passkeysEn } from "../src/features/passkeys/words.en";
import { fr as passkeysFr } from "../src/features/passkeys/words.fr";
import { en as profileEn } from "../src/features/profile/words.en";
import { fr as profileFr } from "../src/features/profile/words.fr";
import { en as sanctionsEn } from "../src/features/sanctions/words.en";
import { fr as sanctionsFr } from "../src/features/sanctions/words.fr";
import { en as voiceEn } from "../src/features/voice/words.en";
import { fr as voiceFr } from "../src/features/voice/words.fr";
import { en as webhooksEn } from "../src/features/webhooks/words.en";
import { fr as webhooksFr } from "../src/features/webhooks/words.fr";
import type { Entry } from "../src/lib/i18n";
import { en as editorEn } from "../src/words/editor.en";
import { fr as editorFr } from "../src/words/editor.fr";
import { en as frameEn } from "../src/words/en";
import { fr as frameFr } from "../src/words/fr";
import { en as panelEn } from "../src/words/panel.en";
import { fr as panelFr } from "../src/words/panel.fr";
import { en as settingsEn } from "../src/words/settings.en";
import { fr as settingsFr } from "../src/words/settings.fr";
import { en as teamEn } from "../src/words/team.en";
import { fr as teamFr } from "../src/words/team.fr";

type Dictionary = Readonly<Record<string, Entry>>;

/** By the path of the English file without its ending. */
const pairs: Record<string, { en: Dictionary; fr: Dictionary }> = {
  "words/": { en: frameEn, fr: frameFr },
  "words/editor.": { en: editorEn, fr: editorFr },
  "words/panel.": { en: panelEn, fr: panelFr },
  "words/settings.": { en: settingsEn, fr: settingsFr },
  "words/team.": { en: teamEn, fr: teamFr },
  "features/catalogue/words.": { en: catalogueEn, fr: catalogueFr },
  "features/conversations/words.": { en: conversationsEn, fr: conversationsFr },
  "features/files/words.": { en: filesEn, fr: filesFr },
  "features/friends/words.": { en: friendsEn, fr: friendsFr },
  "features/imports/words.": { en: importsEn, fr: importsFr },
  "features/media/words.": { en: mediaEn, fr: mediaFr },
  "features/analytics/words.": { en: analyticsEn, fr: analyticsFr },
  "features/moderation/words.": { en: moderationEn, fr: moderationFr },
  "features/notifications/words.": { en: notificationsEn, fr: notificationsFr },
  "features/openid/words.": { en: openidEn, fr: openidFr },
  "features/passkeys/words.": { en: passkeysEn, fr: passkeysFr },
  "features/profile/words.": { en: profileEn, fr: profileFr },
  "features/sanctions/words.": { en: sanctionsEn, fr: sanctionsFr },
  "features/voice/words.": { en: voiceEn, fr: voiceFr },
  "features/webhooks/words.": { en: webhooksEn, fr: webhooksFr },
};

export const files = Object.keys(pairs);
const merge = (of: "en" | "fr"): Dictionary =>
  Object.values(pairs).reduce((all, pair) => ({ ...all, ...pair[of] }), {} as Dictionary);
export const en = merge("en");
export const fr = merge("fr");
