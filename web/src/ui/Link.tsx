import type { AnchorHTMLAttributes } from "react";
import { forwardRef } from "react";
import { navigate } from "../lib/router";

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  href: string;
  replace?: boolean;
}

/** A real link: middle click, Ctrl click and copying the address work as everywhere. */
export const Link = forwardRef<HTMLAnchorElement, LinkProps>(function Link({ replace, onClick, ...rest }, ref) {
  return (
    <a
      {...rest}
      ref={ref}
      onClick={(event) => {
        onClick?.(event);
        if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        navigate(rest.href, { replace: replace ?? false });
      }}
    />
  );
});
