"""The app's own words, read from its dictionaries: `Words("fr-FR")("users.actionsFor", user="alice")`."""
import json
import re

from foyer import root

STRING = r'"(?:[^"\\]|\\.)*"'
ENTRY = re.compile(rf'({STRING}):\s*(?:({STRING})|\{{\s*one:\s*({STRING}),\s*other:\s*({STRING}),?\s*\}})')


class Words:
    """One language; figures in a text take its plural unless `count` is 1."""

    def __init__(self, locale: str):
        source = root / "web" / "src"
        own = f"{locale[:2]}.ts"
        files = [
            source / "words" / own, *sorted(source.glob(f"words/**/*.{own}")), *sorted(source.glob(f"features/*/words.{own}")),
        ]
        text = "\n".join(file.read_text(encoding="utf-8") for file in files)
        self.entries = {json.loads(key): [json.loads(each) for each in forms if each] for key, *forms in ENTRY.findall(text)}

    def __call__(self, entry: str, /, **values) -> str:
        forms = self.entries[entry]
        form = forms[0] if values.get("count") == 1 else forms[-1]
        return re.sub(r"\{(\w+)\}", lambda found: str(values.get(found[1], found[0])), form)
