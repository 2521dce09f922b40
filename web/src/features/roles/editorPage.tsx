import "./role-editor.css";
import type { PageProps } from "../../contract/page";
import { RoleEditorPage } from "./RoleEditorPage";

export function RolePage({ params }: PageProps) {
  return <RoleEditorPage key={params["id"]} id={params["id"] ?? ""} tab={params["tab"] ?? null} />;
}
