"""Reads the project's Markdown pages: links, headings, names in backticks, tables."""

import re

FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
FOLDERS = "Sources|Tests|benchmarks|bindings|command|docs|examples|include|scripts|simulator"


class Page:
    def __init__(self, path, root):
        self.path = path
        self.name = path.relative_to(root).as_posix()
        self.text = path.read_text(encoding="utf-8")
        self.prose = FENCE.sub("", self.text)

    def blocks(self, language):
        """The code blocks in a language."""
        return re.findall(rf"^```{re.escape(language)}\n(.*?)^```$", self.text, re.DOTALL | re.MULTILINE)

    def anchors(self):
        """What headings can be linked by, as GitHub makes it of them."""
        found = []
        for heading in re.findall(r"^#+ (.*)$", self.prose, re.MULTILINE):
            heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
            slug = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
            found.append(slug if slug not in found else f"{slug}-{found.count(slug)}")
        return set(found) | set(re.findall(r'<a (?:id|name)="([^"]+)"', self.prose))

    def links(self):
        """Targets that are not of the web."""
        targets = re.findall(r"\]\(<?([^)\s>]+)>?\)", self.prose)
        return [target for target in targets if not re.match(r"[a-z][a-z+.-]*:", target)]

    def names(self):
        """What stands in backticks."""
        return re.findall(r"`([^`\n]+)`", self.prose)

    def rows(self):
        """Every table row as (title of the section, cells), without the heads."""
        found, section, head = [], "", True
        for line in self.prose.split("\n"):
            if line.startswith("#"):
                section = line.lstrip("# ")
            if not line.startswith("|"):
                head = True
            elif re.match(r"^\|[\s:|-]+\|$", line):
                head = False
            elif not head:
                found.append((section, [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]))
        return found


def pages(root):
    """The pages that people read first."""
    paths = [*root.glob("*.md"), *root.glob("docs/**/*.md"), *root.glob("Tests/**/README.md")]
    paths += [*root.glob("benchmarks/*.md"), *root.glob("bindings/*/*.md"), *root.glob("examples/**/*.md")]
    return [Page(path, root) for path in sorted(set(paths)) if "node_modules" not in path.parts]
