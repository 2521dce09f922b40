import { useMemo } from "react";
import type { Command, PaletteSource } from "../../contract/feature";
import { useWords } from "../../lib/i18n";
import { roleTitle } from "../../lib/roleTitle";
import { navigate } from "../../lib/router";
import { Icon } from "../../ui/Icon";
import { useCan } from "../accounts/session";
import { RoleDot } from "./RoleChip";
import { useRoles } from "./roles";

function useCommands(): readonly Command[] {
  const t = useWords();
  const manages = useCan("roles.manage");
  const reads = useCan("roles.read");
  const roles = useRoles();
  return useMemo(() => [
    ...(manages
      ? [{
        id: "new-role",
        label: t("roles.create"),
        mark: <Icon name="plus" />,
        run: () => navigate("/panel/roles/new"),
      }]
      : []),
    ...(reads || manages
      ? roles.map((role) => ({
        id: role.id,
        label: roleTitle(role.name, t),
        hint: t("nav.roles"),
        mark: <RoleDot role={role} />,
        run: () => navigate(`/panel/roles/${role.id}`),
      }))
      : []),
  ], [t, manages, reads, roles]);
}

export const palette: PaletteSource = { useCommands };
