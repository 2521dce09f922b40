import { type ReactNode, useState } from "react";
import { Problem } from "../lib/problem";
import { Button, IconButton } from "../ui/Button";
import { Check } from "../ui/Check";
import { ContextMenu } from "../ui/ContextMenu";
import { DateField } from "../ui/DateField";
import { Dialog } from "../ui/Dialog";
import { ErrorBoundary } from "../ui/ErrorBoundary";
import { Checkbox, FilterSelect, SelectField, TextArea, TextField } from "../ui/Field";
import { HoverCard } from "../ui/HoverCard";
import { Menu, type MenuItem } from "../ui/Menu";
import { type Notice, NotificationCentre } from "../ui/Notifications";
import { SearchBox } from "../ui/SearchBox";
import { Secret } from "../ui/Secret";
import { Segmented } from "../ui/Segmented";
import { EmptyState, ErrorState, FormProblem, Skeleton } from "../ui/States";
import { Tabs } from "../ui/Tabs";
import { Time } from "../ui/Time";
import { say, sayProblem } from "../ui/Toasts";
import { Tooltip } from "../ui/Tooltip";

function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="guide-part">
      <h3>{name}</h3>
      {children}
    </div>
  );
}

const colours =
  "bg deep panel raised hover line line-strong text muted faint accent accent-bg accent-soft ok idle dnd off ok-soft warn-soft bad-soft c1 c2 c3 c4 c5 c6 like high find veil"
    .split(" ");
const late = new Problem(0, "timeout", "", "");
const refused = new Problem(403, "permission_denied", "", "This needs users.update.", "r-123");
const broken = new Problem(500, "internal", "", "The server made a mistake.", "r-456");
const few = (
  <>
    <option value="" disabled>Choose…</option>
    <option value="all">Everybody</option>
    <option value="team">The team</option>
    <option value="none">Nobody</option>
  </>
);
const many = ["Site", "Team"].map((group, at) => (
  <optgroup key={group} label={group}>
    {Array.from(
      { length: 20 },
      (_, index) => <option key={index} value={`r${20 * at + index + 1}`}>Role {20 * at + index + 1}</option>,
    )}
  </optgroup>
));
const items: readonly MenuItem[] = [
  { label: "Edit", icon: "edit", onSelect: () => say("common.copied") },
  { label: "Delete", icon: "trash", danger: true, onSelect: () => say("common.copied") },
];
const notices: readonly Notice[] = [
  { id: "1", icon: "user", title: "Adam Benali asks to join", href: "#", at: Date.now() - 60_000, isRead: false },
  {
    id: "2",
    icon: "shield",
    title: "Your role changed",
    text: "You are a moderator now",
    href: "#",
    at: Date.now() - 7_200_000,
    isRead: true,
  },
];

export function Sections({ theme }: { theme: string }) {
  return (
    <>
      <h2>{theme === "light" ? "Light" : "Dark"}</h2>
      <Part name="Colours">
        <div className="guide-swatches">
          {colours.map((name) => (
            <div key={name}>
              <div className="swatch" style={{ background: `var(--${name})` }} />
              {name}
            </div>
          ))}
        </div>
      </Part>
      <Buttons />
      <Fields />
      <Choices theme={theme} />
      <Layers />
      <States />
      <Part name="Notification centre">
        <div className="card">
          <NotificationCentre notices={notices} onRead={() => undefined} onReadAll={() => undefined} />
        </div>
      </Part>
      <Part name="Notification centre, empty">
        <div className="card">
          <NotificationCentre notices={[]} onRead={() => undefined} onReadAll={() => undefined} />
        </div>
      </Part>
    </>
  );
}

function Buttons() {
  return (
    <Part name="Buttons">
      {(["primary", "plain", "quiet", "danger"] as const).map((look) => (
        <div key={look} className="guide-row">
          <Button look={look}>Save</Button>
          <Button look={look} icon="plus">Add</Button>
          <Button look={look} busy>Saving</Button>
          <Button look={look} disabled>Off</Button>
        </div>
      ))}
      <div className="guide-row">
        <IconButton icon="edit" label="Edit" />
        <IconButton icon="trash" label="Delete" disabled />
        <span className="badge">badge</span>
        <span className="badge bad">banned</span>
        <span className="pill num">12</span>
        <kbd>Ctrl K</kbd>
      </div>
    </Part>
  );
}

function Fields() {
  const [text, setText] = useState("");
  const [day, setDay] = useState("2026-01-31");
  return (
    <Part name="Fields">
      <TextField label="Name" value={text} onChange={(event) => setText(event.target.value)} />
      <TextField label="Name with a hint" hint="2 to 32 characters" optional="optional" defaultValue="alice" />
      <TextField label="Name with a fault" fault="This name is taken." defaultValue="owner" />
      <TextField label="Name that is off" disabled defaultValue="alice" />
      <TextArea label="Message" defaultValue="Several lines" />
      <div className="guide-row">
        <FilterSelect label="Filter" value="">{few}</FilterSelect>
        <FilterSelect label="Filter that is set" value="team">{few}</FilterSelect>
      </div>
      <DateField label="Day" value={day} onChange={(event) => setDay(event.target.value)} />
      <DateField label="Moment" withTime value={`${day}T18:30`} onChange={() => undefined} />
      <SearchBox label="Search" value={text} onChange={setText} />
      <Secret label="Key" text="fk_live_0123456789" />
    </Part>
  );
}

function Choices({ theme }: { theme: string }) {
  const [one, setOne] = useState("");
  const [mail, setMail] = useState("");
  const [other, setOther] = useState("team");
  const [on, setOn] = useState(true);
  const [tab, setTab] = useState<"one" | "two">("one");
  const [segment, setSegment] = useState<"a" | "b">("a");
  return (
    <Part name="Choices">
      <form className="stack" onSubmit={(event) => event.preventDefault()} aria-label={`Choices ${theme}`}>
        <SelectField label="Who" value={other} onChange={(event) => setOther(event.target.value)}>{few}</SelectField>
        <SelectField
          label="Role, searchable"
          required
          value={one}
          onChange={(event) => setOne(event.target.value)}
        >
          <option value="" disabled>Choose a role</option>
          {many}
        </SelectField>
        <TextField
          label="E-mail"
          type="email"
          required
          value={mail}
          onChange={(event) => setMail(event.target.value)}
        />
        <Button type="submit">Check the form</Button>
      </form>
      <SelectField label="With a fault" value="" fault="Choose one.">{few}</SelectField>
      <SelectField label="Off" value="all" disabled>{few}</SelectField>
      <Check label="On or off" hint="What it does" checked={on} onChange={setOn} />
      <Check label="Some of them" checked={false} mixed onChange={() => undefined} />
      <Check label="Off for you" checked disabled onChange={() => undefined} />
      <Checkbox label="Checkbox with its label beside it" defaultChecked />
      <Segmented
        legend={`Segments ${theme}`}
        segments={[{ value: "a", label: "List" }, { value: "b", label: "Cards" }]}
        value={segment}
        onChange={setSegment}
      />
      <Tabs
        label="Tabs"
        tabs={[{ id: "one", label: "One" }, { id: "two", label: "Two", count: 3 }]}
        value={tab}
        onChange={setTab}
      >
        <p className="muted">What the tab shows</p>
      </Tabs>
    </Part>
  );
}

function Layers() {
  const [open, setOpen] = useState(false);
  return (
    <Part name="Layers">
      <div className="guide-row">
        <Button onClick={() => setOpen(true)}>Dialog</Button>
        <Menu label="Actions" items={items} />
        <Menu label="Actions" items={items} text="Actions" />
        <Tooltip text="A few words more">
          <Button>Tooltip</Button>
        </Tooltip>
        <HoverCard label="Léa Dubois" card={<p>Léa Dubois, member since March</p>}>
          <button type="button" className="link">Hover card</button>
        </HoverCard>
        <Button onClick={() => say("common.copied", {}, () => undefined)}>Toast</Button>
        <Button onClick={() => sayProblem(broken, () => undefined)}>Toast of a problem</Button>
      </div>
      <ContextMenu label="Row" items={items}>
        <button type="button" className="btn btn-plain">
          <span>Right button, menu key or Shift F10</span>
        </button>
      </ContextMenu>
      {open && (
        <Dialog
          title="A dialog"
          onClose={() => setOpen(false)}
          actions={<Button look="primary" onClick={() => setOpen(false)}>Done</Button>}
        >
          <TextField label="A field that has the focus" />
        </Dialog>
      )}
    </Part>
  );
}

function States() {
  const [fails, setFails] = useState(false);
  return (
    <Part name="States">
      <Skeleton rows={2} />
      <EmptyState icon="members" title="Nobody yet" text="Invite somebody to begin." />
      <ErrorState problem={broken} onRetry={() => undefined} />
      <ErrorState problem={refused} />
      <FormProblem problem={late} />
      <div role="group" aria-label="A pane that breaks">
        <ErrorBoundary>
          {fails ? <Breaks /> : <Button onClick={() => setFails(true)}>Break this pane</Button>}
        </ErrorBoundary>
      </div>
      <p>
        <Time at={Date.now() - 300_000} />
      </p>
    </Part>
  );
}

function Breaks(): JSX.Element {
  throw new Error("This pane is broken.");
}
