// What the server says when it refuses: RFC 9457, read without trusting its shape.

export interface FieldFault {
  /** The field's name, from the pointer's first part: `/email` → `email`. */
  field: string;
  pointer: string;
  code: string;
  detail: string;
}

export class Problem extends Error {
  readonly at = new Date();

  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly requestId: string | null = null,
    readonly faults: readonly FieldFault[] = [],
    readonly retryAfter: number | null = null,
    readonly body: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail || title || code);
    this.name = "Problem";
  }

  /** No answer came: the network, not the server, refused. */
  get isOffline(): boolean {
    return this.status === 0;
  }

  /** No answer came in the time that it may take; whether the server did what was asked is not known. */
  get isLate(): boolean {
    return this.code === "timeout";
  }

  fault(field: string): string | undefined {
    return this.faults.find((fault) => fault.field === field)?.detail;
  }
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

export function readFaults(value: unknown): FieldFault[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: unknown) => {
    if (typeof each !== "object" || each === null) return [];
    const fault = each as Record<string, unknown>;
    const pointer = text(fault["pointer"]);
    const field = (pointer.split("/")[1] ?? "").replace(/~1/g, "/").replace(/~0/g, "~");
    return [{ field, pointer, code: text(fault["code"]), detail: text(fault["detail"]) || text(fault["code"]) }];
  });
}

export function readProblem(status: number, body: unknown, header: (name: string) => string | null): Problem {
  const fields = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const after = Number(header("Retry-After"));
  return new Problem(
    status,
    text(fields["code"]) || `http_${status}`,
    text(fields["title"]),
    text(fields["detail"]),
    text(fields["request_id"]) || header("X-Request-Id"),
    readFaults(fields["errors"]),
    Number.isFinite(after) && after > 0 ? after : null,
    fields,
  );
}

export const offlineProblem = (): Problem => new Problem(0, "network", "", "");

export const timeoutProblem = (): Problem => new Problem(0, "timeout", "", "");

/** What the server would say, for a place that is not worth asking for. */
export const forbidden = (detail: string): Problem => new Problem(403, "permission_denied", "", detail);

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(-1, "unexpected", "", error instanceof Error ? error.message : String(error));
}
