import { useState } from "react";
import { useWords } from "../../lib/i18n";
import { asProblem, type Problem } from "../../lib/problem";
import { useQuery } from "../../lib/query";
import { navigate } from "../../lib/router";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { FormProblem } from "../../ui/States";
import { Time } from "../../ui/Time";
import { bring, fetchImports, type Import } from "./imports";

/** A sample file; the first line names the columns. */
const sample =
  "\uFEFFusername;display_name;email;roles;tags\r\nlea.dubois;Léa Dubois;lea@example.org;;cinema\r\nhugo;Hugo Silva;hugo@example.org;staff;\r\n";

export function FileStep() {
  const t = useWords();
  const [share, setShare] = useState<number | null>(null);
  const [name, setName] = useState("");
  const [over, setOver] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const take = async (file: File | undefined) => {
    if (!file || share !== null) return;
    setName(file.name);
    setShare(0);
    setProblem(null);
    try {
      const made = await bring(file, setShare);
      navigate(`/panel/members/import/${made.id}`);
    } catch (error) {
      setProblem(asProblem(error));
      setShare(null);
    }
  };
  return (
    <div className="stack">
      <label
        className={`import-drop ${over ? "over" : ""} ${share === null ? "" : "busy"}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void take(event.dataTransfer.files[0]);
        }}
      >
        <Icon name="up" size={22} />
        {share === null ? <b>{t("imports.drop")}</b> : <b role="status">{t("imports.sending", { name })}</b>}
        {share === null
          ? <span className="muted small">{t("imports.dropHint")}</span>
          : <progress max={1} value={share} aria-label={t("imports.sending", { name })} />}
        <input
          type="file"
          className="hidden"
          accept=".csv,.tsv,.txt,.json,text/csv,application/json"
          disabled={share !== null}
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
      </label>
      <FormProblem problem={problem} />
      <p className="small">
        <a className="link" href={`data:text/csv;charset=utf-8,${encodeURIComponent(sample)}`} download="members.csv">
          {t("imports.sample")}
        </a>
      </p>
      <Earlier />
    </div>
  );
}

function Earlier() {
  const t = useWords();
  const { data } = useQuery<Import[]>("imports", fetchImports);
  if (!data || data.length === 0) return null;
  return (
    <section className="stack tight" aria-labelledby="import-earlier">
      <h2 id="import-earlier">{t("imports.earlier")}</h2>
      <ul role="list" className="import-list">
        {data.map((each) => (
          <li key={each.id}>
            <Link href={`/panel/members/import/${each.id}`}>
              <span className="grow cut">
                <b>{each.name || t("imports.unnamed")}</b>
                <span className="tiny muted cut">{t("imports.rows", { count: each.total })}</span>
              </span>
              <span className={`badge ${each.state === "failed" ? "bad" : ""}`}>
                {t(`imports.state.${each.state}`)}
              </span>
              <span className="tiny muted">
                <Time at={each.createdAt} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
