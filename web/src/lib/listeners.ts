// Who listens to which events of the gateway.

export interface GatewayEvent {
  type: string;
  topic?: string;
  position?: string;
  [field: string]: unknown;
}

interface Listener {
  /** Null for every topic. */
  topic: string | null;
  run: (event: GatewayEvent) => void;
}

export class Listeners {
  /** By the event's type, by the family of types (`user.*`), or by `*` for all. */
  private byType = new Map<string, Set<Listener>>();

  /** Runs a listener for events of some types: `user.created`, the family `user.*`, or `*`. */
  add(types: readonly string[], run: (event: GatewayEvent) => void, topic: string | null): () => void {
    const listener = { topic, run };
    for (const type of types) this.byType.set(type, (this.byType.get(type) ?? new Set()).add(listener));
    return () => {
      for (const type of types) this.byType.get(type)?.delete(listener);
    };
  }

  emit(event: GatewayEvent): void {
    const family = `${event.type.split(".")[0]}.*`;
    for (const type of [event.type, family, "*"]) {
      for (const { topic, run } of [...this.byType.get(type) ?? []]) {
        if (topic === null || topic === event.topic) run(event);
      }
    }
  }
}
