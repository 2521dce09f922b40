import "./catalogue.css";
import type { PageProps } from "../../contract/page";
import { useWords } from "../../lib/i18n";
import { navigate } from "../../lib/router";
import { Page } from "../../ui/Page";
import { Tabs } from "../../ui/Tabs";
import { FileImport } from "./FileImport";
import { SourceTab } from "./SourceTab";

const tabs = ["tmdb", "file"] as const;

/** Where titles come from. */
export function CataloguePage({ params }: PageProps) {
  const t = useWords();
  const current = tabs.find((tab) => tab === params["tab"]) ?? "tmdb";
  return (
    <Page title={t("catalogue.title")}>
      <Tabs
        label={t("catalogue.title")}
        tabs={tabs.map((tab) => ({ id: tab, label: t(`catalogue.tab.${tab}`) }))}
        value={current}
        onChange={(next) => navigate(`/panel/catalogue/${next}`, { replace: true })}
      >
        {current === "tmdb" ? <SourceTab /> : <FileImport id={params["id"] ?? null} />}
      </Tabs>
    </Page>
  );
}
