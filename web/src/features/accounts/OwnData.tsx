import { useEffect } from "react";
import { get, post } from "../../lib/api";
import { useWords } from "../../lib/i18n";
import { amend, useQuery } from "../../lib/query";
import { asRaw, asText } from "../../lib/resources";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { FormProblem } from "../../ui/States";
import { Time } from "../../ui/Time";

interface Copy {
  state: "none" | "waiting" | "ready";
  json: string | null;
  html: string | null;
  expiresAt: string | null;
}

const key = "own-data";
/** Between two reads while the copy is prepared, in ms. */
const beat = 2_000;

function readCopy(value: unknown): Copy {
  const raw = asRaw(value);
  return {
    state: raw["state"] === "ready" || raw["state"] === "waiting" ? raw["state"] : "none",
    json: asText(raw["json_url"]),
    html: asText(raw["html_url"]),
    expiresAt: asText(raw["expires_at"]),
  };
}

/** A copy of everything that the site holds of oneself. */
export function OwnData() {
  const t = useWords();
  const { data, reload } = useQuery<Copy>(key, async () => readCopy(await get<unknown>("/privacy/export")));
  const { busy, problem, submit } = useSubmit(data?.state, async () => {
    const copy = readCopy(await post<unknown>("/privacy/export"));
    amend<Copy>(key, () => copy);
  });
  const isWaiting = data?.state === "waiting";
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(reload, beat);
    return () => clearInterval(timer);
  }, [isWaiting, reload]);
  return (
    <div className="stack tight">
      <p className="muted">{t("data.lead")}</p>
      {isWaiting && (
        <p className="notice" role="status">
          <Icon name="clock" /> {t("data.waiting")}
        </p>
      )}
      {data?.state === "ready" && (
        <p className="muted small" role="status">
          {t("data.ready")} {data.expiresAt && <Time at={data.expiresAt} />}
        </p>
      )}
      <FormProblem problem={problem} />
      <div className="form-actions start">
        {data?.state === "ready" && data.html && data.json && (
          <>
            <a className="btn btn-primary" href={data.html} download>
              <Icon name="export" />
              <span>{t("data.html")}</span>
            </a>
            <a className="btn btn-plain" href={data.json} download>
              <Icon name="export" />
              <span>{t("data.json")}</span>
            </a>
          </>
        )}
        {!isWaiting && (
          <Button busy={busy} onClick={() => submit()}>{t(data?.state === "ready" ? "data.again" : "data.ask")}</Button>
        )}
      </div>
    </div>
  );
}
