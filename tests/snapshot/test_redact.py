"""Nothing that looks like a credential survives, and ordinary text does."""

from __future__ import annotations

import pytest

from codesim.snapshot.redact import redact

SECRETS = {
    "user and password": "see https://user:S3CRETVALUE@github.com/o/n",
    "user only": "see https://S3CRETVALUE@github.com/o/n",
    "query": "https://github.com/o/n?token=S3CRETVALUE&x=1",
    "any query": "https://github.com/o/n?S3CRETVALUE",
    "GitHub token": "bad ghp_S3CRETVALUES3CRETVALUE here",
    "GitHub fine-grained token": "github_pat_11AA_S3CRETVALUE",
    "hub token": "hf_S3CRETVALUES3CRETVALUE",
    "assignment": "access_token=S3CRETVALUE",
    "header": "Authorization: Basic S3CRETVALUE",
    "value of the environment": "the word S3CRETVALUE alone",
}


@pytest.mark.parametrize("text", SECRETS.values(), ids=SECRETS)
def test_gone(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if text.startswith("the word"):
        monkeypatch.setenv("GITHUB_TOKEN", "S3CRETVALUE")
    assert "S3CRET" not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/o/n@main#src: no such folder",
        "tokenizer.json: its object is missing",
        "half_size and ghost",
        "user@example.org",
    ],
)
def test_kept(text: str) -> None:
    assert redact(text) == text
