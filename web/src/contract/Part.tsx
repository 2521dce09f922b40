import { type ReactNode, useEffect } from "react";
import { modulesOn } from "../lib/modules";
import { useStore } from "../lib/store";
import { ErrorState } from "../ui/States";
import { present, type Slots } from "./feature";
import type { Lazy } from "./page";

interface PartProps<P> {
  of: Lazy<P>;
  props: P;
  /** Until it is here. */
  coming: ReactNode;
  /** Around the notice that it cannot be had. */
  around?: (notice: ReactNode) => ReactNode;
}

/** Shows what is fetched: its shape first, then itself; a bundle that does not come is offered again. */
export function Part<P extends object>({ of, props, coming, around = (notice) => notice }: PartProps<P>) {
  const { Component, problem } = useStore(of.store);
  useEffect(() => void of.fetch(), [of]);
  if (Component) return <Component {...props} />;
  if (problem) return <>{around(<ErrorState problem={problem} onRetry={() => void of.fetch()} />)}</>;
  return <>{coming}</>;
}

type SlotProps<Name extends keyof Slots> = { name: Name; coming?: ReactNode } & Slots[Name];

/** Whether a feature that is on fills a slot. */
export function useFilled(name: keyof Slots): boolean {
  const modules = useStore(modulesOn);
  return present(modules ?? []).some((feature) => feature.slots?.[name]);
}

/** A part of another feature inside a page; nothing where no feature fills it, or the one that does is off. */
export function Slot<Name extends keyof Slots>({ name, coming = null, ...props }: SlotProps<Name>) {
  const modules = useStore(modulesOn);
  const part = present(modules ?? []).find((feature) => feature.slots?.[name])?.slots?.[name] as
    | Lazy<object>
    | undefined;
  return part ? <Part of={part} props={props} coming={coming} /> : null;
}
