import { useWords } from "../../lib/i18n";
import { useQuery } from "../../lib/query";
import { Icon } from "../../ui/Icon";
import { fetchOffers, offersKey, rememberedOffers, startOf } from "./identities";

/** The site's providers, below the form; nothing where it has none. */
export function ProviderButtons() {
  const t = useWords();
  const { data } = useQuery(offersKey, fetchOffers);
  const offers = data ?? rememberedOffers();
  if (offers.length === 0) return null;
  const returnTo = location.pathname.startsWith("/signin") || location.pathname.startsWith("/join")
    ? "/"
    : location.pathname + location.search;
  return (
    <div className="providers" role="group" aria-label={t("openid.group")}>
      <p className="providers-or">{t("openid.or")}</p>
      {offers.map((offer) => (
        <a key={offer.key} className="btn btn-plain wide" href={startOf(offer, returnTo)}>
          <Icon name="external" />
          <span>{t("openid.with", { name: offer.name })}</span>
        </a>
      ))}
    </div>
  );
}
