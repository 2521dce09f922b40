import "./avatars.css";
import { useCallback, useEffect, useRef, useState } from "react";
import { useWords } from "../../lib/i18n";
import { nameOf, type User } from "../../lib/resources";
import { useSubmit } from "../../lib/submit";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { FormProblem } from "../../ui/States";
import { say } from "../../ui/Toasts";
import { useSession } from "../accounts/session";
import { Avatar } from "../presence/Avatar";
import { cut, putAvatar, removeAvatar } from "./avatars";
import { middle, type Size, type Square } from "./crop";
import { CropArea, CropPreview } from "./CropArea";
import { PickPicture } from "./PickPicture";

interface Picked {
  source: string;
  of: Size;
  picture: HTMLImageElement;
}

/** Reads what a person chose as their browser can; null when it is no picture to it. */
async function read(file: File): Promise<Picked | null> {
  const source = URL.createObjectURL(file);
  const picture = new Image();
  picture.src = source;
  try {
    await picture.decode();
    if (picture.naturalWidth > 0 && picture.naturalHeight > 0) {
      return { source, of: { width: picture.naturalWidth, height: picture.naturalHeight }, picture };
    }
  } catch {
    // told as what it is: no picture
  }
  URL.revokeObjectURL(source);
  return null;
}

/** A picture is chosen, then a square of it, then it is sent; or the one that is there goes. */
export function ChangeAvatar({ user, onClose }: { user: User; onClose: () => void }) {
  const t = useWords();
  const session = useSession();
  const isMine = session.user.id === user.id;
  const [picked, setPicked] = useState<Picked | null>(null);
  const [square, setSquare] = useState<Square>({ x: 0, y: 0, size: 1 });
  const [isUnreadable, setUnreadable] = useState(false);
  const [share, setShare] = useState(0);
  const chosen = useRef(0);

  const pick = useCallback((file: File) => {
    const turn = ++chosen.current;
    void read(file).then((found) => {
      if (turn !== chosen.current) return found && URL.revokeObjectURL(found.source);
      setUnreadable(found === null);
      if (!found) return;
      setPicked(found);
      setSquare(middle(found.of));
    });
  }, []);
  useEffect(() => () => void chosen.current++, []);
  useEffect(() => () => void (picked && URL.revokeObjectURL(picked.source)), [picked]);

  const sending = useSubmit(square, async () => {
    if (!picked) return;
    setShare(0);
    await putAvatar(user, await cut(picked.picture, square), isMine, setShare);
    say("avatar.saved");
    onClose();
  });
  const removing = useSubmit(null, async () => {
    await removeAvatar(user, isMine);
    say("avatar.removed");
    onClose();
  });
  const busy = sending.busy || removing.busy;

  return (
    <Dialog
      title={isMine ? t("avatar.title") : t("avatar.titleOf", { user: nameOf(user) })}
      onClose={onClose}
      width="small"
      actions={
        <>
          {!picked && user.avatar_url !== null && (
            <Button
              look="danger"
              icon="trash"
              busy={busy}
              onClick={() => removing.submit()}
            >
              {t("avatar.remove")}
            </Button>
          )}
          {picked && <Button icon="left" onClick={() => setPicked(null)}>{t("avatar.other")}</Button>}
          {picked
            ? <Button look="primary" busy={busy} onClick={() => sending.submit()}>{t("avatar.save")}</Button>
            : <Button onClick={onClose}>{t("common.cancel")}</Button>}
        </>
      }
    >
      <div className="stack tight avatar-dialog">
        {picked
          ? (
            <>
              <CropArea source={picked.source} of={picked.of} square={square} onChange={setSquare} />
              <div className="crop-previews">
                <span className="muted tiny">{t("avatar.preview")}</span>
                {[56, 32, 22].map((side) => (
                  <CropPreview key={side} source={picked.source} of={picked.of} square={square} side={side} />
                ))}
              </div>
            </>
          )
          : (
            <>
              <div className="avatar-now">
                <Avatar user={user} size="large" />
              </div>
              <PickPicture onPick={pick} />
            </>
          )}
        {isUnreadable && !picked && <p className="fault" role="alert">{t("avatar.unreadable")}</p>}
        {sending.busy && <progress className="progress" max={1} value={share} aria-label={t("avatar.sending")} />}
        <FormProblem problem={sending.problem ?? removing.problem} />
      </div>
    </Dialog>
  );
}
