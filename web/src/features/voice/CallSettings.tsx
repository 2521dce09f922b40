import { useEffect, useState } from "react";
import { useWords } from "../../lib/i18n";
import { Check } from "../../ui/Check";
import { SelectField } from "../../ui/Field";
import { choice, choose, listDevices } from "./devices";
import { changeMicrophone, changeSpeaker } from "./session";

/** The microphone, the loudspeaker and the noise suppression of this device. */
export function CallSettings() {
  const t = useWords();
  const [chosen, setChosen] = useState(choice());
  const [microphones, setMicrophones] = useState<MediaDeviceInfo[]>([]);
  const [speakers, setSpeakers] = useState<MediaDeviceInfo[]>([]);
  useEffect(() => {
    void listDevices("audioinput").then(setMicrophones);
    // Only where a page may choose: elsewhere the system's choice holds.
    if ("setSinkId" in HTMLMediaElement.prototype) void listDevices("audiooutput").then(setSpeakers);
  }, []);
  const set = (changed: Partial<typeof chosen>) => {
    choose(changed);
    setChosen(choice());
    if ("speaker" in changed) changeSpeaker();
    else void changeMicrophone();
  };
  const options = (devices: MediaDeviceInfo[]) =>
    devices.filter(({ deviceId }) => deviceId !== "default").map(({ deviceId, label }) => (
      <option key={deviceId} value={deviceId}>{label || deviceId}</option>
    ));
  return (
    <div className="call-settings">
      <SelectField
        label={t("voice.microphone")}
        value={chosen.microphone ?? ""}
        onChange={(event) => set({ microphone: event.target.value || null })}
      >
        <option value="">{t("voice.systemChoice")}</option>
        {options(microphones)}
      </SelectField>
      {speakers.length > 0 && (
        <SelectField
          label={t("voice.speaker")}
          value={chosen.speaker ?? ""}
          onChange={(event) => set({ speaker: event.target.value || null })}
        >
          <option value="">{t("voice.systemChoice")}</option>
          {options(speakers)}
        </SelectField>
      )}
      <Check label={t("voice.calms")} checked={chosen.calms} onChange={(calms) => set({ calms })} />
    </div>
  );
}
