"""What Git says when it cannot fetch, turned into what happened, why, and what to do next."""

from __future__ import annotations

import re
from enum import Enum

from codesim.errors import SnapshotError
from codesim.snapshot.redact import TOKENS, redact
from codesim.text.display import display

_WAITED = re.compile(r" after \d+ ms\b")


class Cause(Enum):
    """Why a fetch failed; the value finds it in Git's English messages, the first one counts."""

    MOVED = r"returned error: 30[12378]"
    UNKNOWN_HOST = r"could not resolve host"
    PRIVATE = (
        r"authentication failed|could not read (username|password)|invalid credentials"
        r"|returned error: 40[13]|repository not found|access denied|terminal prompts disabled"
        r"|returned error: 404|repository '.*' not found"
    )
    NO_REFERENCE = r"couldn't find remote ref|not our ref|unadvertised object|no such remote ref"
    TOO_LARGE = r"file too large|signal 25|no space left"
    RULES = r"fsck error|error in (packed )?object"
    BROKEN_OFF = (
        r"early eof|unexpected disconnect|index-pack|hung up|broken pipe|transfer closed"
        r"|bytes of body|empty reply|connection reset|missing (blob|tree|commit|necessary)|bad pack"
        r"|curl [0-9]+"
    )
    NOT_GIT = (
        r"not valid: is this a git repository|dumb http|bad line length|protocol error"
        r"|invalid content-type|expected flush|unexpected line|info/refs not valid"
    )
    SLOW = r"operation too slow|timed out"
    REFUSED = r"failed to connect|connection refused|could not connect|network is unreachable"
    CERTIFICATE = r"certificate|ssl"
    OTHER = r""


_ADVICE = {
    Cause.UNKNOWN_HOST: "there is no host of that name, or no connection; check the address",
    Cause.NO_REFERENCE: "it has no such revision any more; check it, or give a branch",
    Cause.TOO_LARGE: "it is larger than the quota on disk; name a smaller branch or a local copy",
    Cause.NOT_GIT: "the server answers, but not as a current Git server; check the address",
    Cause.SLOW: "the server is silent or too slow; try again later",
    Cause.REFUSED: "the server cannot be reached; check address, network and proxy",
    Cause.CERTIFICATE: "the server's certificate is not trusted; check the address and clock",
    Cause.RULES: "its objects break Git's own rules, so it was not taken; give a local copy",
    Cause.BROKEN_OFF: "the transfer broke off; try again, or give a local copy",
    Cause.OTHER: "check the address and try again",
}


class FetchError(SnapshotError):
    """One attempt at the network failed, for a cause that may have a second way."""

    def __init__(self, messages: str) -> None:
        super().__init__(messages)
        self.messages = messages
        self.cause = cause_of(messages)


def cause_of(messages: str) -> Cause:
    """The cause that Git's messages show."""
    text = messages.lower()
    return next(cause for cause in Cause if re.search(cause.value, text))


def explain(failed: FetchError, url: str, host: str, with_token: bool) -> SnapshotError:
    """The error for the person at the terminal."""
    if failed.cause is Cause.PRIVATE:
        advice = _private(host, with_token)
    elif failed.cause is Cause.MOVED:
        advice = "it moved to an address that could not be followed; give the new address"
    else:
        advice = _ADVICE[failed.cause]
    return SnapshotError(f"cannot fetch {url}: {advice}{_quoted(failed.messages)}")


def _private(host: str, with_token: bool) -> str:
    variables = TOKENS.get(host, ())
    if with_token:
        return (
            f"the token in {' or '.join(variables)} gives no access to it, or it does not exist; "
            "check the spelling and what the token may read"
        )
    advice = "it is private, deleted or misspelt; check the spelling"
    if variables:
        return f"{advice}, and for a private repository set {' or '.join(variables)}"
    return f"{advice}, and give a private repository as a local copy"


def _quoted(messages: str) -> str:
    """The line of Git's that says most, made safe to show."""
    lines = [line.strip() for line in messages.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines
    if not telling:
        return ""
    # How long a server was waited for differs from run to run, and this may end up in a result.
    said = _WAITED.sub("", telling[0])
    return f" (git: {display(redact(said))[:240]})"
