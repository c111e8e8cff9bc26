"""A repository on the Hugging Face Hub, listed by its own library and read in parts.

The one place that knows huggingface_hub. It only lists: it stores nothing, downloads nothing and
tells nobody what runs here; every one of its requests goes over our own wire.
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from codesim.errors import SnapshotError
from codesim.model import Skipped, Snapshot
from codesim.snapshot.catalogue import CHECKPOINTS, narrowed
from codesim.snapshot.far import begun, far_snapshot
from codesim.snapshot.limits import Limits
from codesim.snapshot.lists import listing_client
from codesim.snapshot.place import LOOPBACK_OPT_IN, Place, is_allowed, is_loopback
from codesim.snapshot.redact import token_for
from codesim.snapshot.spec import HUB, Source
from codesim.snapshot.wire import Patience, Wire, require_wire
from codesim.text.display import display

_KINDS = {"datasets": "dataset", "spaces": "space"}
_COMMIT = re.compile(r"^[0-9a-f]{40,64}$")
_SHARD = re.compile(r"-\d{5}-of-\d{5}(?=\.[A-Za-z]+$)")
# Its answer on a repository of 100,000 files has 30 MB.
_MOST_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository of the Hub; ``kind`` is model, dataset or space. ``endpoint`` is its server."""

    endpoint: str
    kind: str
    id: str

    @property
    def url(self) -> str:
        """Its address, for people."""
        folder = next((f"{name}/" for name, kind in _KINDS.items() if kind == self.kind), "")
        return f"{self.endpoint}/{folder}{self.id}"


def is_hub(source: Source) -> bool:
    """True for a source on the Hugging Face Hub."""
    return source.url is not None and source.url.startswith(HUB + "/")


def open_hub(
    source: Source,
    limits: Limits,
    progress: Callable[[str], None],
    patience: Patience = Patience(),  # noqa: B008 - frozen
) -> Snapshot:
    """The files of a repository at one commit, read in parts. Raises SnapshotError."""
    require_wire()
    repository = _repository(source)
    progress(f"listing {repository.url}")
    token = token_for(urlsplit(HUB).netloc) or ""
    is_direct = is_loopback(repository.endpoint)
    info, is_shown = _info(repository, source.revision, token, patience, is_direct)
    commit = getattr(info, "sha", None)
    if not isinstance(commit, str) or not _COMMIT.match(commit):
        raise SnapshotError(f"{repository.url}: the server does not say which commit it lists")
    places: list[Place] = []
    ids: dict[str, str] = {}
    skipped: list[Skipped] = []
    for path, size, blob_id in _files(info, limits, skipped):
        url = _address(repository, path, commit)
        places.append(Place(path, url, size, token, on_hub=True, is_shown=is_shown))
        if blob_id:
            ids[path] = blob_id
    places = _one_of_many(places, source.folder or "", skipped)
    origin = repository.url + (f"#{source.folder}" if source.folder else "")
    wire = Wire(patience, is_direct)
    snapshot = far_snapshot(
        source.name, origin, commit, places, wire, limits, progress, ids, skipped
    )
    return begun(narrowed(snapshot, source.folder) if source.folder else snapshot)


def _repository(source: Source) -> Repository:
    endpoint = os.environ.get("HF_ENDPOINT", "").strip().rstrip("/") or HUB
    if not is_allowed(endpoint) or urlsplit(endpoint).username is not None or "?" in endpoint:
        raise SnapshotError(
            "HF_ENDPOINT is not the https:// address of a server"
            + (f", and {LOOPBACK_OPT_IN}=1 is not set" if is_loopback(endpoint) else "")
        )
    parts = (source.url or "").removeprefix(HUB + "/").split("/")
    kind = _KINDS.get(parts[0], "model") if len(parts) > 1 else "model"
    name = parts[1:] if kind != "model" else parts
    if len(name) > 2:
        raise SnapshotError(
            f"{source.url} is no repository; expected hf:OWNER/NAME[@REVISION][#FOLDER]"
        )
    return Repository(endpoint, kind, "/".join(name))


def _info(
    repository: Repository, revision: str | None, token: str, patience: Patience, is_direct: bool
) -> tuple[Any, bool]:
    """What the Hub says of a repository, and whether it took a token: it is asked without first."""
    from huggingface_hub.errors import HfHubHTTPError, RevisionNotFoundError

    for secret in ("", token) if token else ("",):
        try:
            with _our_wire(repository, patience, is_direct):
                return _asked(repository, revision, secret), bool(secret)
        except RevisionNotFoundError:
            name = display(revision or "main")
            raise SnapshotError(
                f"{repository.url} has no revision '{name}'; check it, or give a branch"
            ) from None
        except HfHubHTTPError as error:
            status = getattr(getattr(error, "response", None), "status_code", 0)
            if status in (401, 403, 404) and token and not secret:
                continue
            raise SnapshotError(_explained(repository, status, secret)) from None
    raise AssertionError("asked nothing")


def _asked(repository: Repository, revision: str | None, secret: str) -> Any:
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError

    from codesim import __version__

    # Its own name for a program would list what else is installed here.
    api = HfApi(
        endpoint=repository.endpoint,
        token=secret or False,
        headers={"user-agent": f"codesim/{__version__}"},
    )
    try:
        return api.repo_info(
            repository.id, revision=revision, repo_type=repository.kind, files_metadata=True
        )
    except HfHubHTTPError:
        raise
    except HFValidationError:
        raise SnapshotError(f"{display(repository.id)} is no name of a repository") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        raise SnapshotError(
            f"{repository.url}: the server's answer is not the list of a repository"
        ) from None


_ONE_AT_A_TIME = threading.RLock()


@contextlib.contextmanager
def _our_wire(repository: Repository, patience: Patience, is_direct: bool) -> Iterator[None]:
    """While it lists, the library uses our client and says nothing of this machine; what was set
    before is set again.
    """
    from huggingface_hub import constants, set_client_factory
    from huggingface_hub.utils import _http

    if constants.HF_HUB_OFFLINE:
        raise SnapshotError("HF_HUB_OFFLINE is set, so that nothing is fetched; unset it")
    with _ONE_AT_A_TIME:
        factory = getattr(_http, "_GLOBAL_CLIENT_FACTORY", _http.default_client_factory)
        telemetry = constants.HF_HUB_DISABLE_TELEMETRY
        client = listing_client(f"{repository.endpoint}/api/", patience, is_direct, _MOST_BYTES)
        try:
            constants.HF_HUB_DISABLE_TELEMETRY = True
            set_client_factory(lambda: client)
            yield
        finally:
            set_client_factory(factory)
            constants.HF_HUB_DISABLE_TELEMETRY = telemetry


def _explained(repository: Repository, status: int, secret: str) -> str:
    if status in (401, 403, 404):
        said = (
            "the token in HF_TOKEN gives no access to it, or it does not exist; check the spelling "
            "and what the token may read"
            if secret
            else "it is private, deleted or misspelt; check the spelling, and for a private "
            "repository set HF_TOKEN"
        )
        return f"cannot list {repository.url}: {said}"
    return f"cannot list {repository.url}: the server answers {status}; try again later"


def _files(info: Any, limits: Limits, skipped: list[Skipped]) -> Iterator[tuple[str, int, str]]:
    """Path, size and blob id of every file of a listing, as far as they are in order."""
    seen: set[str] = set()
    for sibling in getattr(info, "siblings", None) or ():
        # Of a large file the Hub says the id of its pointer, which is not that of its content.
        path, blob_id = sibling.rfilename, "" if sibling.lfs else sibling.blob_id
        size = getattr(sibling.lfs, "size", None) if sibling.lfs else sibling.size
        if len(seen) >= limits.entries:
            skipped.append(Skipped("rest of the repository", f"over {limits.entries:,} files"))
            return
        if not isinstance(path, str) or not _is_label(path, limits) or path in seen:
            skipped.append(Skipped(display(str(path))[:200], "is no name of a file, or a second"))
        elif type(size) is not int or not 0 <= size < 1 << 62:
            skipped.append(Skipped(path, "the server does not say its size"))
        else:
            seen.add(path)
            yield path, size, blob_id if isinstance(blob_id, str) else ""


def _is_label(path: str, limits: Limits) -> bool:
    plain = not any(0xD800 <= ord(ch) < 0xE000 or ch == "\0" for ch in path)
    parts = path.split("/")
    odd = any(part in ("", ".", "..") for part in parts)
    return plain and not odd and len(path) <= limits.path and len(parts) <= limits.depth


def _address(repository: Repository, path: str, commit: str) -> str:
    from huggingface_hub import hf_hub_url

    return str(
        hf_hub_url(
            repository.id, path, repo_type=repository.kind, revision=commit,
            endpoint=repository.endpoint,
        )
    )  # fmt: skip


def _one_of_many(places: list[Place], folder: str, skipped: list[Skipped]) -> list[Place]:
    """Of many quantisations of one model the largest: the header of each has megabytes, and all
    but one would be read for nothing. Where there are safetensors none is looked at.
    """
    inside = [
        p for p in places if not folder or p.path == folder or p.path.startswith(folder + "/")
    ]
    forms = {next((f for f in CHECKPOINTS if p.path.lower().endswith(f)), "") for p in inside}
    groups: dict[str, int] = {}
    for place in inside:
        if place.path.lower().endswith(".gguf"):
            name = _SHARD.sub("", place.path)
            groups[name] = groups.get(name, 0) + (place.size or 0)
    if ".safetensors" in forms or len(groups) < 2:
        return places
    kept = min(groups, key=lambda name: (name.count("/"), -groups[name], name))
    found = []
    for place in places:
        name = _SHARD.sub("", place.path)
        if name in groups and name != kept:
            reason = f"beside {kept}, which is the largest; name this one after # to read it"
            skipped.append(Skipped(place.path, reason))
        else:
            found.append(place)
    return found
