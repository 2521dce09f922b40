import { useWords } from "../../lib/i18n";
import { nameOf } from "../../lib/resources";
import { Button } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import { EmptyState, ErrorState, Skeleton } from "../../ui/States";
import { Time } from "../../ui/Time";
import { Avatar } from "../presence/Avatar";
import { accept, dismiss, type FriendRequest, setBlocked, useRequests } from "./friends";

export function Requests() {
  const t = useWords();
  const received = useRequests("in");
  const sent = useRequests("out");
  const failed = [received, sent].find(({ problem, data }) => problem && !data);
  if (failed?.problem) return <ErrorState problem={failed.problem} onRetry={failed.reload} />;
  if (!received.data || !sent.data) return <Skeleton rows={3} shape="card" />;
  if (received.data.length + sent.data.length === 0) {
    return <EmptyState icon="inbox" title={t("friends.pending.none.title")} text={t("friends.pending.none.text")} />;
  }
  return (
    <>
      {received.data.length > 0 && (
        <section className="friends-group">
          <h2 className="group-title">
            {t("friends.received")} <span className="num">{t("figure", { value: received.data.length })}</span>
          </h2>
          <ul role="list" className="requests" aria-label={t("friends.received")}>
            {received.data.map((each) => <Received key={each.id} request={each} />)}
          </ul>
          <p className="tiny muted">{t("friends.declineHint")}</p>
        </section>
      )}
      {sent.data.length > 0 && (
        <section className="friends-group">
          <h2 className="group-title">
            {t("friends.sent")} <span className="num">{t("figure", { value: sent.data.length })}</span>
          </h2>
          <ul role="list" className="requests" aria-label={t("friends.sent")}>
            {sent.data.map((each) => <Sent key={each.id} request={each} />)}
          </ul>
        </section>
      )}
    </>
  );
}

function Received({ request }: { request: FriendRequest }) {
  const t = useWords();
  const name = nameOf(request.from);
  const label = (act: string) => t("friends.of", { name, act });
  return (
    <li className="request">
      <Avatar user={request.from} />
      <div className="grow">
        <div className="name cut">{name}</div>
        <div className="tiny muted cut">
          @{request.from.username} · <Time at={request.created_at} />
        </div>
        {request.note && <blockquote>{request.note}</blockquote>}
      </div>
      <div className="request-acts">
        <Button look="primary" aria-label={label(t("friends.accept"))} onClick={() => void accept(request)}>
          {t("friends.accept")}
        </Button>
        <Button aria-label={label(t("friends.decline"))} onClick={() => dismiss(request, "refuse")}>
          {t("friends.decline")}
        </Button>
        <Menu
          label={t("friends.more", { name })}
          items={[
            { label: t("friends.ignore"), icon: "eye", onSelect: () => dismiss(request, "ignore") },
            {
              label: t("friends.block"),
              icon: "ban",
              danger: true,
              onSelect: () => void setBlocked(request.from, true),
            },
          ]}
        />
      </div>
    </li>
  );
}

function Sent({ request }: { request: FriendRequest }) {
  const t = useWords();
  const name = nameOf(request.to);
  return (
    <li className="request">
      <Avatar user={request.to} />
      <div className="grow">
        <div className="name cut">{name}</div>
        <div className="tiny muted cut">
          {t("friends.sentAt")} <Time at={request.created_at} />
        </div>
        {request.note && <blockquote>{request.note}</blockquote>}
      </div>
      <div className="request-acts">
        <Button
          aria-label={t("friends.of", { name, act: t("friends.cancel") })}
          onClick={() => dismiss(request, "cancel")}
        >
          {t("friends.cancel")}
        </Button>
      </div>
    </li>
  );
}
