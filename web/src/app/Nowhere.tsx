import { useWords } from "../lib/i18n";
import { Link } from "../ui/Link";
import { Page } from "../ui/Page";
import { EmptyState } from "../ui/States";

export function Nowhere() {
  const t = useWords();
  return (
    <Page title={t("nowhere.title")}>
      <EmptyState icon="search" title={t("nowhere.title")} text={t("nowhere.text")}>
        <Link href="/" className="btn btn-primary">{t("nowhere.back")}</Link>
      </EmptyState>
    </Page>
  );
}
