// Emoji: the picker, and the names that are typed; fetched when first wanted.
import { lazily } from "../../contract/page";
import type { EmojiPickerProps } from "./EmojiPicker";

const bundle = () => import("../../bundles/emoji");

export const emojiPicker = lazily<EmojiPickerProps>("emoji", () => bundle().then((found) => found.EmojiPicker));

/** Search and shortcodes, without the picker. */
export const loadEmoji = () => bundle().then((found) => found.names);
