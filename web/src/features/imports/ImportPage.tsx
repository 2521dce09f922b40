import type { PageProps } from "../../contract/page";
import { useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { useQueryState } from "../../lib/router";
import { Link } from "../../ui/Link";
import { Page } from "../../ui/Page";
import { ErrorState, Skeleton } from "../../ui/States";
import { CheckStep } from "./CheckStep";
import { ColumnsStep } from "./ColumnsStep";
import { FileStep } from "./FileStep";
import { fetchImport, type Import, importKey } from "./imports";
import { ReportStep } from "./ReportStep";
import { RunStep } from "./RunStep";

const steps = ["file", "columns", "check", "import", "report"] as const;
type Step = (typeof steps)[number];

/** From a file to members, step by step. */
export function ImportPage({ params }: PageProps) {
  const t = useWords();
  const id = params["id"] ?? null;
  return (
    <Page
      title={t("imports.title")}
      actions={<Link className="btn btn-quiet" href="/panel/members">{t("common.close")}</Link>}
    >
      <div className="import">
        {id === null
          ? (
            <>
              <Steps now="file" />
              <FileStep />
            </>
          )
          : <Steady key={id} id={id} />}
      </div>
    </Page>
  );
}

function Steady({ id }: { id: string }) {
  const [query] = useQueryState();
  const found = useQuery<Import>(importKey(id), (signal) => fetchImport(id, signal));
  if (found.problem && !found.data) return <ErrorState problem={found.problem} onRetry={found.reload} />;
  if (!found.data) return <Skeleton rows={8} />;
  const each = found.data;
  const step = stepOf(each, query["step"] ?? null);
  return (
    <>
      <Steps now={step} />
      {step === "columns" && <ColumnsStep each={each} />}
      {step === "check" && <CheckStep each={each} />}
      {step === "import" && <RunStep each={each} />}
      {step === "report" && <ReportStep each={each} />}
    </>
  );
}

/** The step of an import; before it begins, its author chooses between columns and check. */
function stepOf(each: Import, asked: string | null): Step {
  if (each.state === "checking") return "check";
  if (each.state === "preview") return asked === "check" ? "check" : "columns";
  return each.state === "running" ? "import" : "report";
}

function Steps({ now }: { now: Step }) {
  const t = useWords();
  const at = steps.indexOf(now);
  return (
    <ol role="list" className="import-steps" aria-label={t("imports.steps")}>
      {steps.map((step, index) => (
        <li
          key={step}
          className={index < at ? "done" : index === at ? "now" : ""}
          aria-current={index === at ? "step" : undefined}
        >
          <span>{t(`imports.step.${step}`)}</span>
        </li>
      ))}
    </ol>
  );
}
