"""Reads include/akool.h the way a person does: comments, declarations, constants."""

import re


class Function:
    def __init__(self, comment, declaration):
        self.comment = [line.strip()[1:].removeprefix(" ") for line in comment.strip().split("\n")[1:-1]]
        self.declaration = " ".join(declaration.split())
        self.name = re.search(r"(akool_\w+)\(", self.declaration).group(1)
        arguments = re.search(r"\((.*)\)", self.declaration.split(self.name, 1)[1]).group(1)
        parts = [] if arguments == "void" else arguments.split(",")
        self.parameters = [re.search(r"(\w+)$", part).group(1) for part in parts]
        self.result = re.sub(r"^(AKOOL_\w+ )+", "", self.declaration.split(self.name)[0]).strip()

    def tag(self, name):
        """The text of a tag, or None."""
        found = re.search(rf"^{name}:(.*(?:\n +.*)*)", "\n".join(self.comment), re.MULTILINE)
        return found and found.group(1).strip()

    def tags(self):
        return [found.group(1) for line in self.comment if (found := re.match(r"([A-Z][a-z]+):( |$)", line))]

    def documented_parameters(self):
        return [found.group(1) for line in self.comment if (found := re.match(r"@param (\w+) \S", line))]

    def example(self):
        lines = self.comment[self.comment.index("Example:") + 1 :] if "Example:" in self.comment else []
        return "\n".join(line[4:] for line in lines)


class Header:
    def __init__(self, text):
        self.text = text
        pattern = r"(/\*\*(?:(?!\*/).)*\*/)\n(AKOOL_API[^;]*;)"
        self.functions = [Function(*match.groups()) for match in re.finditer(pattern, text, re.DOTALL)]
        self.constants = dict(re.findall(r'^#define (AKOOL_\w+) (-?\d+|"[^"]*")$', text, re.MULTILINE))

    def names(self, prefix):
        return [name for name in self.constants if name.startswith(prefix)]
