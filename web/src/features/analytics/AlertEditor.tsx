import { useEffect, useRef, useState } from "react";
import { get, patch, post } from "../../lib/api";
import { useForm } from "../../lib/form";
import { useLanguage, useWords } from "../../lib/i18n";
import { asProblem, type Problem } from "../../lib/problem";
import { invalidate, useQuery } from "../../lib/query";
import { asRaw, asText } from "../../lib/resources";
import { navigate } from "../../lib/router";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Checkbox, SelectField, TextField } from "../../ui/Field";
import { Link } from "../../ui/Link";
import { Page } from "../../ui/Page";
import { Secret } from "../../ui/Secret";
import { Select } from "../../ui/Select";
import { ErrorState, FormProblem, Skeleton } from "../../ui/States";
import { useCan } from "../accounts/session";
import {
  type Alert,
  type Channel,
  channels,
  type NoData,
  policies,
  type Preview,
  readAlert,
  readPreview,
  severities,
  type Severity,
} from "./alerts";
import { Chart, ChartCard } from "./Chart";
import { ExpressionField } from "./ExpressionField";
import { formatsOf } from "./format";

const blank: Alert = {
  ...readAlert({}),
  expression: "error_rate > 1% for 1m",
  channels: ["in_app"],
};

/** The form of a new or an existing alert. */
export function AlertEditor({ id }: { id: string | null }) {
  const t = useWords();
  const { data, problem, reload } = useQuery<Alert>(
    id === null ? null : `alert:${id}`,
    async (signal) => readAlert(await get(`/alerts/${id}`, {}, signal)),
  );
  if (id === null) return <Editor alert={null} />;
  if (data) return <Editor alert={data} />;
  return (
    <Page title={t("nav.alerts")} before={<Back />}>
      {problem ? <ErrorState problem={problem} onRetry={reload} /> : <Skeleton rows={6} />}
    </Page>
  );
}

function Back() {
  const t = useWords();
  return <Link href="/panel/alerts" className="textlink small alert-back">{t("nav.alerts")}</Link>;
}

function Editor({ alert }: { alert: Alert | null }) {
  const t = useWords();
  const manages = useCan("alerts.manage");
  const saved = alert ?? blank;
  const [secret, setSecret] = useState<string | null>(null);
  const form = useForm({
    saved: {
      name: saved.name,
      expression: saved.expression,
      severity: saved.severity as Severity,
      channels: saved.channels as readonly Channel[],
      webhook_url: saved.webhookUrl ?? "",
      no_data: saved.noData as NoData,
    },
    rules: {
      name: (name) => (name.trim() === "" ? t("alerts.name.missing") : null),
      webhook_url: (
        url,
        all,
      ) => (all.channels.includes("webhook") && url.trim() === "" ? t("alerts.webhook.missing") : null),
    },
    send: async (values, key) => {
      const body = { ...values, webhook_url: values.webhook_url.trim() || null };
      const answer = alert
        ? await patch(`/alerts/${alert.id}`, body, { key, version: alert.version })
        : await post("/alerts", body, { key });
      invalidate("alerts");
      if (alert) invalidate(`alert:${alert.id}`);
      const made = asText(asRaw(answer)["webhook_secret"]);
      if (made) setSecret(made);
      else navigate("/panel/alerts");
    },
  });
  const name = form.field("name");
  const expression = form.field("expression");
  const hook = form.field("webhook_url");
  const preview = usePreview(form.values.expression, form.values.no_data, manages);
  const place = placeOf(preview.problem);
  return (
    <Page
      title={alert ? alert.name : t("alerts.create")}
      before={<Back />}
      actions={manages && (
        <>
          <Button look="quiet" onClick={() => navigate("/panel/alerts")}>{t("common.cancel")}</Button>
          <Button look="primary" busy={form.busy} onClick={() => form.submit()}>{t("common.save")}</Button>
        </>
      )}
    >
      <form ref={form.ref} className="alert-editor" onSubmit={form.submit} noValidate>
        <TextField
          label={t("alerts.name")}
          value={name.value}
          onChange={name.onChange}
          fault={name.fault}
          maxLength={80}
          readOnly={!manages}
          {...(alert ? {} : { "data-autofocus": true })}
        />
        <ExpressionField
          value={expression.value}
          onChange={expression.set}
          readOnly={!manages}
          fault={preview.problem ? faultOf(preview.problem) : expression.fault}
          place={place}
        />
        <PreviewCard
          preview={preview.data}
          isOld={preview.problem !== null}
          hours={preview.hours}
          setHours={preview.setHours}
        />
        <div className="form-grid">
          <SelectField
            label={t("alerts.severity")}
            value={form.values.severity}
            disabled={!manages}
            onChange={(event) =>
              form.set({ severity: severities.find((each) => each === event.target.value) ?? "medium" })}
          >
            {severities.map((each) => <option key={each} value={each}>{t(`alerts.severity.${each}`)}</option>)}
          </SelectField>
          <SelectField
            label={t("alerts.noData")}
            value={form.values.no_data}
            disabled={!manages}
            onChange={(event) => form.set({ no_data: policies.find((each) => each === event.target.value) ?? "keep" })}
          >
            {policies.map((each) => <option key={each} value={each}>{t(`alerts.noData.${each}`)}</option>)}
          </SelectField>
        </div>
        <fieldset className="alert-channels" disabled={!manages}>
          <legend>{t("alerts.channels")}</legend>
          {channels.map((channel) => (
            <Checkbox
              key={channel}
              label={t(`alerts.channel.${channel}`)}
              checked={form.values.channels.includes(channel)}
              onChange={(event) =>
                form.set({
                  channels: channels.filter((each) =>
                    each === channel ? event.target.checked : form.values.channels.includes(each)
                  ),
                })}
            />
          ))}
          {form.values.channels.includes("webhook") && (
            <TextField
              label={t("alerts.webhook")}
              type="url"
              inputMode="url"
              value={hook.value}
              onChange={hook.onChange}
              fault={hook.fault}
              hint={t("alerts.webhook.hint")}
              placeholder="https://"
            />
          )}
        </fieldset>
        <FormProblem problem={form.problem?.fault("expression") ? null : form.problem} />
      </form>
      {secret && (
        <Dialog
          title={t("alerts.secret.title")}
          width="small"
          onClose={() => navigate("/panel/alerts")}
          actions={<Button look="primary" onClick={() => navigate("/panel/alerts")}>{t("alerts.done")}</Button>}
        >
          <div className="stack">
            <p className="muted">{t("alerts.secret.text")}</p>
            <Secret label={t("alerts.secret")} text={secret} />
          </div>
        </Dialog>
      )}
    </Page>
  );
}

const faultOf = (problem: Problem): string | undefined => problem.fault("expression") ?? problem.detail;

/** The place of the fault in the expression, as the server reports it. */
function placeOf(problem: Problem | null): { position: number; length: number } | null {
  const { position, length } = problem?.body ?? {};
  return typeof position === "number" && typeof length === "number" ? { position, length } : null;
}

/** When the rule would have fired; requested shortly after the last key press. */
function usePreview(expression: string, noData: NoData, wanted: boolean) {
  const [data, setData] = useState<Preview | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [hours, setHours] = useState(168);
  const first = useRef(true);
  useEffect(() => {
    if (!wanted || expression.trim() === "") return;
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const answer = await post("/alerts/preview", { expression, hours, no_data: noData }, { signal: stop.signal });
        setData(readPreview(answer));
        setProblem(null);
      } catch (error) {
        const found = asProblem(error);
        if (!stop.signal.aborted && found.status === 422) setProblem(found);
      }
    }, first.current ? 0 : 400);
    first.current = false;
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [expression, noData, hours, wanted]);
  return { data, problem, hours, setHours };
}

interface PreviewProps {
  preview: Preview | null;
  isOld: boolean;
  hours: number;
  setHours: (hours: number) => void;
}

function PreviewCard({ preview, isOld, hours, setHours }: PreviewProps) {
  const t = useWords();
  const format = formatsOf(useLanguage());
  const read = (value: number) => format.unit(value, preview?.unit ?? null);
  const count = preview?.fires.length ?? 0;
  const said = !preview
    ? ""
    : !preview.hasData
    ? t("alerts.preview.none")
    : count === 0
    ? t("alerts.preview.never")
    : t("alerts.preview.fires", { count });
  return (
    <ChartCard
      title={t("alerts.preview")}
      className={isOld ? "old" : ""}
      aside={
        <Select
          className="filter"
          aria-label={t("alerts.preview.span")}
          value={hours}
          onChange={(event) => setHours(Number(event.target.value))}
        >
          <option value={24}>{t("alerts.preview.day")}</option>
          <option value={168}>{t("alerts.preview.week")}</option>
        </Select>
      }
    >
      <p className="small muted" role="status">{said}</p>
      {preview
        ? (
          <Chart
            small
            times={preview.points.map(({ at }) => at)}
            lines={[{ label: "", values: preview.points.map(({ value }) => value), color: "var(--c3)", filled: true }]}
            format={read}
            summary={said}
            threshold={preview.threshold === null
              ? null
              : { value: preview.threshold, label: t("analytics.threshold", { value: read(preview.threshold) }) }}
            marks={preview.fires.map(({ from, to }) => ({ from, to: to ?? preview.to }))}
          />
        )
        : <div className="plot small" />}
    </ChartCard>
  );
}
