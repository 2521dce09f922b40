// Files: choosing and uploading them, and how messages show them.
export { Attach } from "../features/files/Attach";
export { FileBody } from "../features/files/FileBody";
export { Tray } from "../features/files/Tray";
