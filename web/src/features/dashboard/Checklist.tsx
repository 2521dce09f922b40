import { useState } from "react";
import { get } from "../../lib/api";
import { type Key, useWords } from "../../lib/i18n";
import { recall, remember } from "../../lib/memory";
import { useQuery } from "../../lib/query";
import { asRaw } from "../../lib/resources";
import { IconButton } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { doorKey, fetchDoor } from "../accounts/door";
import { useCan } from "../accounts/session";
import { useRoles } from "../roles/roles";

interface Step {
  label: Key;
  href: string;
  done: boolean;
}

/** From so many members on a site has found its way. */
const settled = 5;

/** The first steps of a new site: open it, invite, make roles, secure the owner's account. Shown until they are done or dismissed. */
export function Checklist({ members }: { members: number | null }) {
  const steers = useCan("settings.manage");
  const [dismissed, setDismissed] = useState(() => recall("checklist") === "dismissed");
  if (!steers || dismissed || members === null || members >= settled) return null;
  return (
    <Steps
      members={members}
      onDismiss={() => {
        remember("checklist", "dismissed");
        setDismissed(true);
      }}
    />
  );
}

function Steps({ members, onDismiss }: { members: number; onDismiss: () => void }) {
  const t = useWords();
  const { data: door } = useQuery(doorKey, fetchDoor);
  const { data: factor } = useQuery(
    "checklist:factor",
    async () => asRaw(await get("/users/me/totp"))["enrolled"] === true,
  );
  const { data: invited } = useQuery(
    "checklist:invitations",
    async () => Number(asRaw(await get("/invitations", { limit: 1, count: true }))["total"] ?? 0) > 0,
    { about: ["invitations"] },
  );
  const custom = useRoles().some((role) => !role.is_system);
  if (!door || factor === undefined || invited === undefined) return null;
  const steps: Step[] = [
    { label: "checklist.open", href: "/panel/requests/door", done: door.mode !== "closed" },
    { label: "checklist.invite", href: "/panel/requests/invitations", done: invited || members > 1 },
    { label: "checklist.roles", href: "/panel/roles", done: custom },
    { label: "checklist.factor", href: "/settings/security", done: factor },
  ];
  if (steps.every((step) => step.done)) return null;
  return (
    <section className="card checklist" aria-labelledby="checklist-title">
      <div className="card-head">
        <h2 id="checklist-title">{t("checklist.title")}</h2>
        <IconButton icon="close" label={t("checklist.dismiss")} onClick={onDismiss} />
      </div>
      <ol role="list">
        {steps.map((step) => (
          <li key={step.label} className={step.done ? "done" : ""}>
            <span className="check-mark">{step.done && <Icon name="check" size={14} />}</span>
            {step.done
              ? (
                <span>
                  {t(step.label)} <span className="hidden">{t("checklist.done")}</span>
                </span>
              )
              : <Link href={step.href} className="textlink">{t(step.label)}</Link>}
          </li>
        ))}
      </ol>
    </section>
  );
}
