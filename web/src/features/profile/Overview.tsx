import { useForm } from "../../lib/form";
import { useWords } from "../../lib/i18n";
import { nameOf } from "../../lib/resources";
import { Button } from "../../ui/Button";
import { TextArea, TextField } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { EmptyState, ErrorState, FormProblem } from "../../ui/States";
import { say } from "../../ui/Toasts";
import { type List, useKept } from "../media/catalogue";
import { Posters, PosterShapes } from "../media/Posters";
import { Avatar } from "../presence/Avatar";
import { maySee, type Profile, saveNote } from "./profile";
import { NotShared } from "./NotShared";
import { type PartProps, pathOfTab, useMonth } from "./ProfilePage";

/** A member's favourites, latest likes, description, and friends in common. */
export function Overview({ profile, isMine }: PartProps) {
  const t = useWords();
  return (
    <div className="profile-body">
      <div className="profile-main">
        {isMine || maySee(profile, "favorites")
          ? <Kept profile={profile} isMine={isMine} />
          : <NotShared profile={profile} />}
      </div>
      <div className="profile-aside">
        <About profile={profile} isMine={isMine} />
        {!isMine && <InCommon profile={profile} />}
        {!isMine && (
          <section aria-labelledby="profile-note">
            <h2 id="profile-note">{t("profile.note")}</h2>
            <PrivateNote profile={profile} />
          </section>
        )}
      </div>
    </div>
  );
}

function Kept({ profile, isMine }: PartProps) {
  const t = useWords();
  const favorites = useKept(profile.user.id, "favorites", isMine, 8);
  const likes = useKept(profile.user.id, "likes", isMine, 12);
  const isRead = favorites.pages !== undefined && likes.pages !== undefined;
  const isEmpty = isRead && favorites.pages?.items.length === 0 && likes.pages?.items.length === 0;
  const failed = favorites.pages ? likes : favorites;
  if (failed.problem && !failed.pages) return <ErrorState problem={failed.problem} onRetry={failed.reload} />;
  if (isEmpty) {
    return (
      <EmptyState
        icon="film"
        title={t("profile.nothing.title")}
        text={isMine ? t("profile.nothing.mine") : t("profile.nothing.text", { name: nameOf(profile.user) })}
      >
        {isMine && <Link className="btn btn-primary" href="/films">{t("nav.discover")}</Link>}
      </EmptyState>
    );
  }
  const part = (list: List, heading: string, from: typeof favorites, look: "grid" | "line") => {
    const titles = from.pages?.items.map(({ title }) => title);
    if (titles?.length === 0) return null;
    return (
      <section aria-labelledby={`profile-${list}`} className={`profile-${list}`}>
        <div className="profile-part">
          <h2 id={`profile-${list}`}>{heading}</h2>
          <Link className="link small" href={`${pathOfTab(profile, "films")}?list=${list}`}>{t("profile.all")}</Link>
        </div>
        {titles
          ? <Posters label={heading} titles={look === "grid" ? titles.slice(0, 4) : titles} look={look} />
          : <PosterShapes count={look === "grid" ? 4 : 7} look={look} />}
      </section>
    );
  };
  return (
    <>
      {part("favorites", t("profile.favorites"), favorites, "grid")}
      {part("likes", t("profile.likes"), likes, "line")}
    </>
  );
}

function About({ profile, isMine }: PartProps) {
  const t = useWords();
  const joined = useMonth(profile.joinedAt);
  return (
    <section aria-labelledby="profile-about">
      <h2 id="profile-about">{t("profile.about")}</h2>
      <p className={`small profile-bio ${profile.bio ? "" : "muted"}`}>
        {profile.bio ?? t(isMine ? "profile.noBio.mine" : "profile.noBio")}
      </p>
      {joined && <p className="small muted">{t("profile.joined", { date: joined })}</p>}
    </section>
  );
}

function InCommon({ profile }: { profile: Profile }) {
  const t = useWords();
  if (!maySee(profile, "friends")) return null;
  const { inCommon } = profile;
  return (
    <section aria-labelledby="profile-common">
      <h2 id="profile-common">{t("profile.common")}</h2>
      {inCommon.length === 0 ? <p className="small muted">{t("profile.common.none")}</p> : (
        <>
          <p className="small profile-common">
            <Icon name="members" />
            {t("profile.common.friends", { count: inCommon.length })}
          </p>
          <ul role="list" className="profile-common-list">
            {inCommon.slice(0, 6).map((user) => (
              <li key={user.id}>
                <Link className="textlink profile-person" href={`/@${encodeURIComponent(user.username)}`}>
                  <Avatar user={user} size="small" />
                  <span className="cut">{nameOf(user)}</span>
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** My private note about a member. */
function PrivateNote({ profile }: { profile: Profile }) {
  const t = useWords();
  const { user } = profile;
  const form = useForm({
    saved: { nickname: profile.nickname, note: profile.note },
    send: async (values, key) => {
      await saveNote(user.username, user.id, values, key);
      say("profile.note.saved");
    },
  });
  const [nickname, note] = [form.field("nickname"), form.field("note")];
  return (
    <form ref={form.ref} className="form profile-note" onSubmit={form.submit} aria-label={t("profile.note")}>
      <p className="tiny muted profile-only">
        <Icon name="lock" size={14} />
        {t("profile.note.hint")}
      </p>
      <TextField
        label={t("profile.nickname")}
        hint={t("profile.nickname.hint")}
        maxLength={64}
        value={nickname.value}
        fault={nickname.fault}
        onChange={nickname.onChange}
      />
      <TextArea
        label={t("profile.note.text")}
        rows={3}
        maxLength={2000}
        value={note.value}
        fault={note.fault}
        onChange={note.onChange}
      />
      <FormProblem problem={form.problem} />
      {form.isDirty && (
        <div className="form-actions start">
          <Button type="submit" look="primary" busy={form.busy}>{t("common.save")}</Button>
          <Button look="quiet" onClick={form.reset}>{t("common.cancel")}</Button>
        </div>
      )}
    </form>
  );
}
