import { useState } from "react";
import { get } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { invalidate, useQuery } from "../../lib/query";
import { asRaw, asText } from "../../lib/resources";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { ErrorState, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { EnrolFactor } from "./EnrolFactor";
import { RemoveFactor } from "./RemoveFactor";

interface Factor {
  enrolled: boolean;
  confirmedAt: string | null;
  codesLeft: number;
}

const key = "factor";

function readFactor(value: unknown): Factor {
  const raw = asRaw(value);
  const left = raw["recovery_codes_left"];
  return {
    enrolled: raw["enrolled"] === true,
    confirmedAt: asText(raw["confirmed_at"]),
    codesLeft: typeof left === "number" ? left : 0,
  };
}

/** Below so many recovery codes it is time for new ones. */
const few = 3;

/** Whether a code is asked for when I sign in, and the way to change that. */
export function SecondFactor() {
  const t = useWords();
  const { data, problem, reload } = useQuery(key, async () => readFactor(await get("/users/me/totp")));
  const [doing, setDoing] = useState<"enrol" | "remove" | null>(null);
  const close = () => {
    setDoing(null);
    invalidate(key);
    invalidate("sessions");
  };
  if (problem && !data) return <ErrorState problem={problem} onRetry={reload} />;
  if (!data) {
    return (
      <div className="stack tight">
        <p className="muted">{t("factor.lead")}</p>
        <Skeleton rows={1} shape="line" />
      </div>
    );
  }
  return (
    <div className="stack tight">
      <p className="muted">{t("factor.lead")}</p>
      {data.enrolled
        ? (
          <>
            <div className="row">
              <span className="row-icon">
                <Icon name="shield" size={18} />
              </span>
              <div className="row-main">
                <div className="row-title">
                  {t("factor.app")}
                  <span className="badge ok">{t("factor.on")}</span>
                </div>
                <div className="tiny muted">
                  {t("factor.since")} <Time at={data.confirmedAt} /> · {t("factor.left", { count: data.codesLeft })}
                </div>
              </div>
              <Button onClick={() => setDoing("remove")}>{t("factor.remove")}</Button>
            </div>
            {data.codesLeft <= few && (
              <p className="notice">
                <Icon name="warning" />
                {t("factor.few")}
              </p>
            )}
          </>
        )
        : (
          <div className="form-actions start">
            <Button icon="shield" onClick={() => setDoing("enrol")}>{t("factor.begin")}</Button>
          </div>
        )}
      {doing === "enrol" && <EnrolFactor onClose={close} />}
      {doing === "remove" && <RemoveFactor onClose={close} />}
    </div>
  );
}
