import { registered } from "../contract/feature";
import { Part } from "../contract/Part";
import { useSession } from "../features/accounts/session";
import { useWords } from "../lib/i18n";
import { modulesOn } from "../lib/modules";
import { forbidden } from "../lib/problem";
import { useStore } from "../lib/store";
import { ErrorBoundary } from "../ui/ErrorBoundary";
import { Page } from "../ui/Page";
import { ErrorState, Skeleton } from "../ui/States";
import { mayOpen, placeAt, useNavigation } from "./navigation";
import { Nowhere } from "./Nowhere";
import type { Found } from "./routes";

/** The page of an address. It stays as it is while only its parameters change, so that a list keeps its place beside what opens. */
export function Pane({ found, path }: { found: Found | null; path: string }) {
  const t = useWords();
  const { permissions } = useSession();
  const { places } = useNavigation();
  const modules = useStore(modulesOn);
  if (!found || found.route.space === null) return <Nowhere />;
  const { route, params } = found;
  const place = placeAt(places, path);
  const feature = registered().find(({ routes }) => routes?.includes(route));
  if (feature?.module !== undefined) {
    if (modules === null) return <Coming />;
    if (!modules.includes(feature.module)) return <Nowhere />;
  }
  if (!mayOpen(permissions, route.needs)) {
    return (
      <Page title={t("problem.forbidden")}>
        <ErrorState problem={forbidden(t("problem.needs", { key: route.needs?.[0] ?? "" }))} />
      </Page>
    );
  }
  return (
    <ErrorBoundary of={path}>
      <Part
        key={route.path}
        of={route.page}
        props={{ params }}
        coming={<Coming />}
        around={(notice) => <Page title={t(place?.label ?? "app.name")}>{notice}</Page>}
      />
    </ErrorBoundary>
  );
}

function Coming() {
  return (
    <div className="page">
      <main id="main" className="page-main" tabIndex={-1}>
        <Skeleton />
      </main>
    </div>
  );
}
