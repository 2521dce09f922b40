import type { ButtonHTMLAttributes, ReactNode } from "react";
import { forwardRef } from "react";
import { Icon, type IconName } from "./Icon";

type Native = ButtonHTMLAttributes<HTMLButtonElement>;

interface ButtonProps extends Native {
  look?: "primary" | "plain" | "quiet" | "danger";
  icon?: IconName;
  busy?: boolean;
  children: ReactNode;
}

/** A verb. While busy it keeps its width and its focus, and does not fire again. */
export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { look = "plain", icon, busy = false, children, onClick, className = "", type = "button", ...rest },
  ref,
) {
  return (
    <button
      {...rest}
      ref={ref}
      type={type}
      className={`btn btn-${look} ${busy ? "busy" : ""} ${className}`}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  );
});

interface IconButtonProps extends Native {
  icon: IconName;
  label: string;
  size?: number;
}

export const IconButton = forwardRef<HTMLButtonElement, IconButtonProps>(function IconButton(
  { icon, label, size = 18, className = "", ...rest },
  ref,
) {
  return (
    <button {...rest} ref={ref} type="button" className={`icon-btn ${className}`} aria-label={label} title={label}>
      <Icon name={icon} size={size} />
    </button>
  );
});
