// Emoji with their names in both languages.
export { EmojiPicker } from "../features/emoji/EmojiPicker";
export * as names from "../features/emoji/emoji";
