"""What axe finds wrong with a page as it stands."""
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Only what is wrong is worked out to the element and handed over: the lists of what is right are long, and nobody reads them.
RUN = "async (options) => (await axe.run({ resultTypes: ['violations'], ...options })).violations"


def violations(page: Page, where: str, **options) -> list[str]:
    """One line for each rule that is broken, with `where` and the elements; `options` are axe's own."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [
        f"{where}: {found['id']}: {found['help']}: " + "; ".join(node["html"][:160] for node in found["nodes"][:3])
        for found in page.evaluate(RUN, options)
    ]
