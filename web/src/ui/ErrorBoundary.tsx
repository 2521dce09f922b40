import { Component, type ReactNode } from "react";
import { asProblem, type Problem } from "../lib/problem";
import { ErrorState } from "./States";

interface BoundaryProps {
  children: ReactNode;
  /** Something else is shown: what failed may work again. */
  of?: unknown;
}

/** A mistake in one pane stays in it: the pane says so and offers another try, what stands beside it goes on. */
export class ErrorBoundary extends Component<BoundaryProps, { problem: Problem | null }> {
  override state: { problem: Problem | null } = { problem: null };

  static getDerivedStateFromError(error: unknown) {
    return { problem: asProblem(error) };
  }

  override componentDidUpdate(before: BoundaryProps): void {
    if (this.state.problem && before.of !== this.props.of) this.setState({ problem: null });
  }

  override render() {
    if (!this.state.problem) return this.props.children;
    return <ErrorState problem={this.state.problem} onRetry={() => this.setState({ problem: null })} />;
  }
}
