// What the features put into the palette, fetched when it opens first.
export { palette as media } from "../features/media/palette";
export { palette as presence } from "../features/presence/palette";
export { palette as roles } from "../features/roles/palette";
export { palette as users } from "../features/users/palette";
