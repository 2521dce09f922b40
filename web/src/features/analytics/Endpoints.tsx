import { useState } from "react";
import { useLanguage, useWords } from "../../lib/i18n";
import { FilterSelect } from "../../ui/Field";
import { formatsOf } from "./format";
import type { Endpoint } from "./measures";

const orders = ["requests", "p95", "errors"] as const;
type Order = (typeof orders)[number];
const few = 12;

const weights: Record<Order, (endpoint: Endpoint) => number> = {
  requests: ({ requests }) => requests ?? 0,
  p95: ({ p95 }) => p95 ?? -1,
  errors: ({ errorRate }) => errorRate ?? -1,
};

interface Props {
  endpoints: readonly Endpoint[];
  seconds: number;
}

/** Each endpoint by its template, over the span that is shown. */
export function Endpoints({ endpoints, seconds }: Props) {
  const t = useWords();
  const format = formatsOf(useLanguage());
  const [order, setOrder] = useState<Order>("requests");
  const [all, setAll] = useState(false);
  const sorted = [...endpoints].sort((one, other) =>
    weights[order](other) - weights[order](one) ||
    (`${one.route}${one.method}` < `${other.route}${other.method}` ? -1 : 1)
  );
  const shown = all ? sorted : sorted.slice(0, few);
  const slowest = Math.max(1, ...endpoints.map(({ p95 }) => p95 ?? 0));
  const time = (value: number | null) => (value === null ? "–" : format.milliseconds(value));
  return (
    <section className="card chart-card" aria-labelledby="endpoints-title">
      <div className="chart-head">
        <h2 id="endpoints-title">{t("analytics.endpoints")}</h2>
        <FilterSelect
          label={t("analytics.order")}
          value={order === "requests" ? "" : order}
          onChange={(event) => setOrder(orders.find((each) => each === event.target.value) ?? "requests")}
        >
          <option value="">{t("analytics.order.requests")}</option>
          <option value="p95">{t("analytics.order.p95")}</option>
          <option value="errors">{t("analytics.order.errors")}</option>
        </FilterSelect>
      </div>
      <table className="endpoints">
        <thead>
          <tr>
            <th scope="col">{t("analytics.route")}</th>
            <th scope="col">{t("analytics.perSecond")}</th>
            <th scope="col">p50</th>
            <th scope="col">p95</th>
            <th scope="col">p99</th>
            <th scope="col">{t("analytics.errors")}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((endpoint) => (
            <tr key={`${endpoint.method} ${endpoint.route}`}>
              <th scope="row">
                <span className="method">{endpoint.method}</span>
                <code>{endpoint.route}</code>
              </th>
              <td className="num" data-label={t("analytics.perSecond")}>
                {endpoint.requests === null ? "–" : format.rate(endpoint.requests / seconds)}
              </td>
              <td className="num" data-label="p50">{time(endpoint.p50)}</td>
              <td className="num" data-label="p95">
                <span className="endpoint-bar" aria-hidden="true">
                  <i style={{ width: `${((endpoint.p95 ?? 0) / slowest) * 100}%` }} />
                </span>
                {time(endpoint.p95)}
              </td>
              <td className="num" data-label="p99">{time(endpoint.p99)}</td>
              <td className={`num ${endpoint.errors ? "hot" : ""}`} data-label={t("analytics.errors")}>
                {endpoint.errors ? "▲ " : ""}
                {endpoint.errorRate === null ? "–" : format.percent(endpoint.errorRate)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {sorted.length > few && (
        <button type="button" className="textlink small" onClick={() => setAll(!all)}>
          {all ? t("analytics.endpoints.fewer") : t("analytics.endpoints.all", { count: sorted.length })}
        </button>
      )}
    </section>
  );
}
