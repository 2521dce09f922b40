import { useMemo, useRef, useState } from "react";
import { Button } from "../ui/Button";
import { MeasuredList, type MeasuredListHandle } from "../ui/MeasuredList";

interface Row {
  id: number;
  lines: number;
  grown: boolean;
}

const page = 50;
const rowAt = (id: number): Row => ({ id, lines: Math.abs((id * 7919) % 9), grown: false });
const range = (from: number, to: number): Row[] => Array.from({ length: to - from }, (_, at) => rowAt(from + at));

/** 10,000 rows of mixed heights, that grow at both ends and in the middle. */
export function LongList() {
  const [rows, setRows] = useState(() => range(0, 10_000));
  const [around, setAround] = useState<string | null>(null);
  const [isOpen, setOpen] = useState(true);
  const list = useRef<MeasuredListHandle>(null);
  const first = rows[0]?.id ?? 0;
  const last = rows[rows.length - 1]?.id ?? 0;
  const unread = useMemo(() => ({ key: "9990", label: "New messages" }), []);
  return (
    <main className="guide-list">
      <div className="guide-row" role="group" aria-label="What happens">
        <h1>10,000 rows</h1>
        <Button onClick={() => setRows((all) => [...range(first - page, first), ...all])}>Put 50 above</Button>
        <Button onClick={() => setRows((all) => [...all, ...range(last + 1, last + 2)])}>Put one below</Button>
        <Button
          onClick={() => setRows((all) => all.map((row) => (row.id % 3 === 0 ? { ...row, grown: !row.grown } : row)))}
        >
          Grow every third
        </Button>
        <Button onClick={() => setRows((all) => all.filter((row) => row.id % 10 !== 1))}>Take some away</Button>
        <Button onClick={() => list.current?.reveal("5000")}>Go to 5000</Button>
        <Button onClick={() => list.current?.toEnd()}>Go to the end</Button>
        <Button
          onClick={() => {
            setOpen(false);
            setAround("7000");
            setTimeout(() => setOpen(true));
          }}
        >
          Open around 7000
        </Button>
        <output>{first} to {last}</output>
      </div>
      {isOpen && (
        <MeasuredList
          ref={list}
          label="Rows"
          items={rows}
          keyOf={(row) => String(row.id)}
          render={(row) => <Shown row={row} />}
          anchor="bottom"
          around={around}
          unread={unread}
          endLabel="Jump to latest"
        />
      )}
    </main>
  );
}

function Shown({ row }: { row: Row }) {
  const text = "What somebody wrote, as long as it happens to be. ".repeat(row.lines * (row.grown ? 3 : 1));
  return (
    <article className="demo-row">
      <b>Row {row.id}</b>
      <p>{text}</p>
    </article>
  );
}
