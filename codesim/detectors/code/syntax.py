"""Bytes to a flat syntax tree. The only module that knows tree-sitter.

A tree becomes four parallel lists in preorder plus the named children of each node, so that nothing
behind this module holds on to parser objects. Inputs that would make the parser slow or deep are
refused before or while parsing, by limits that do not depend on a clock where that is possible.
"""

from __future__ import annotations

import functools
import re
import time
from dataclasses import dataclass

import tree_sitter_python
from tree_sitter import Language, Parser, Tree

# tree-sitter-python is quadratic in runs of backslash-newline: 1,000 cost 0.02 s, 32,000 cost 7 s.
_CONTINUATIONS = 20_000
_CONTINUATION_RUN = re.compile(rb"(?:\\[ \t]*\r?\n[ \t]*){1000}")
# Error recovery is 50 to 150 times slower than parsing code. What takes longer than this is hardly
# Python and goes to the token fallback; a clock decides, so that such a file is never cached.
_SOFT_SECONDS = 4.0
_CHUNK = 4096


class Unparsable(Exception):
    """This text takes the token fallback; the message is the reason shown to the user."""


@dataclass(slots=True)
class Syntax:
    """A syntax tree in preorder.

    ``kind``: node kind per node; ``start``/``stop``: byte range; ``end``: index after the last node
    of the subtree; ``kids``: indexes of the named children without comments; ``errors``: byte
    ranges where the parser had to recover.
    """

    source: bytes
    kind: list[int]
    start: list[int]
    stop: list[int]
    end: list[int]
    kids: list[list[int]]
    errors: list[tuple[int, int]]

    def text(self, node: int) -> str:
        """The source text of one node."""
        return self.source[self.start[node] : self.stop[node]].decode("utf-8", "replace")

    def operator(self, node: int) -> str:
        """The operator token that follows the first named child of ``node``."""
        at = self.end[self.kids[node][0]]
        while self.kind[at] in COMMENTS:
            at += 1
        return self.text(at)


@functools.cache
def _language() -> Language:
    return Language(tree_sitter_python.language())


def _kinds(*names: str) -> frozenset[int]:
    language = _language()
    wanted = set(names)
    return frozenset(
        i
        for i in range(language.node_kind_count)
        if language.node_kind_for_id(i) in wanted and language.node_kind_is_visible(i)
    )


KIND_NAMES: tuple[str, ...] = tuple(
    _language().node_kind_for_id(i) or "" for i in range(_language().node_kind_count)
)
NAMED: tuple[bool, ...] = tuple(
    _language().node_kind_is_named(i) for i in range(_language().node_kind_count)
)
COMMENTS = _kinds("comment", "line_continuation")
(IDENTIFIER,) = _kinds("identifier")
(ATTRIBUTE,) = _kinds("attribute")
(COLON,) = _kinds(":")
(BINARY,) = _kinds("binary_operator")
(BOOLEAN,) = _kinds("boolean_operator")
NUMBERS = _kinds("integer", "float")
_ERROR_KIND = 65535
# Children that handlers see: named nodes without comments, and (as kind 0) what did not parse.
_KEPT = tuple(
    number == 0 or (named and number not in COMMENTS) for number, named in enumerate(NAMED)
)


def parse(source: bytes, max_nodes: int, max_depth: int) -> Syntax:
    """Parse UTF-8 source. Raises Unparsable when a limit is met."""
    _refuse_continuations(source)
    tree = _tree(source)
    if tree.root_node.end_byte > len(source):
        raise Unparsable("the parser returned a tree of another file")
    return _flatten(tree, source, max_nodes, max_depth)


def _refuse_continuations(source: bytes) -> None:
    if b"\\" not in source:
        return
    if source.count(b"\\\n") > _CONTINUATIONS or _CONTINUATION_RUN.search(source):
        raise Unparsable("too many line continuations to parse")


def _tree(source: bytes) -> Tree:
    if len(source) < 100_000:
        return Parser(_language()).parse(source)
    # Only a callable source honours the progress callback. A parser that was stopped hands its old
    # tree to the next file, so each parse has a parser of its own.
    deadline = time.monotonic() + _SOFT_SECONDS

    def read(offset: int, _point: object) -> bytes:
        return source[offset : offset + _CHUNK]

    def late(_offset: int, _has_error: bool) -> bool:
        return time.monotonic() > deadline

    try:
        return Parser(_language()).parse(read, progress_callback=late)
    except ValueError:
        raise Unparsable(f"parsing took more than {_SOFT_SECONDS:.0f} s") from None


def _flatten(tree: Tree, source: bytes, max_nodes: int, max_depth: int) -> Syntax:
    syntax = Syntax(source, [], [], [], [], [], [])
    kind, kids, end = syntax.kind, syntax.kids, syntax.end
    note_kind, note_kids, note_end = kind.append, kids.append, end.append
    note_start, note_stop = syntax.start.append, syntax.stop.append
    cursor = tree.walk()
    down, across, up = cursor.goto_first_child, cursor.goto_next_sibling, cursor.goto_parent
    kept = _KEPT
    siblings: list[int] = []
    parents: list[tuple[int, list[int]]] = []
    while True:
        node = cursor.node
        assert node is not None
        k = node.kind_id
        at = len(kind)
        if k == _ERROR_KIND or node.is_missing:
            syntax.errors.append((node.start_byte, node.end_byte))
            k = 0
        note_kind(k)
        note_start(node.start_byte)
        note_stop(node.end_byte)
        note_end(at + 1)
        if kept[k]:
            siblings.append(at)
        if down():
            parents.append((at, siblings))
            siblings = []
            note_kids(siblings)
            if len(parents) > max_depth or at > max_nodes:
                raise Unparsable(_limit(len(parents), max_depth, max_nodes))
            continue
        note_kids(_NO_KIDS)
        while not across():
            if not up():
                return syntax
            parent, siblings = parents.pop()
            end[parent] = len(kind)


def _limit(depth: int, max_depth: int, max_nodes: int) -> str:
    if depth > max_depth:
        return f"nested more than {max_depth} levels deep"
    return f"more than {max_nodes:,} syntax nodes"


_NO_KIDS: list[int] = []
