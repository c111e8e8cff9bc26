"""Hosts that name nobody by themselves, and what stands in an address on them."""

from __future__ import annotations

# Where people and groups have pages: the first part of the path is theirs, the second their work.
HOSTING = (
    "github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "gitee.com", "gitea.com",
    "sourceforge.net", "huggingface.co", "hf.co", "modelscope.cn", "kaggle.com", "wandb.ai",
    "replicate.com", "raw.githubusercontent.com", "gist.github.com", "api.github.com",
    "ghcr.io", "hub.docker.com", "pypi.org/user", "twitter.com", "x.com", "linkedin.com",
    "medium.com", "facebook.com", "instagram.com", "youtube.com", "t.me", "orcid.org",
    "colab.research.google.com/github", "nbviewer.org/github", "deepwiki.com",
)  # fmt: skip
# Where the name of a person or a project is a part of the host.
PERSONAL = (
    "github.io", "gitlab.io", "hf.space", "readthedocs.io", "pages.dev", "netlify.app",
    "vercel.app", "streamlit.app", "herokuapp.com", "blogspot.com", "wordpress.com", "substack.com",
)  # fmt: skip
# Parts of a path that come before the owner.
BEFORE_OWNER = (
    "spaces", "datasets", "models", "collections", "in", "users", "user", "u", "r", "groups",
    "repos", "orgs", "code", "company", "channel", "c",
)  # fmt: skip
# What stands in the place of an owner and is a page of the host itself.
PAGES = frozenset((
    "about", "blog", "docs", "explore", "features", "issues", "join", "learn", "login", "new",
    "papers", "pricing", "pulls", "search", "settings", "share", "tasks", "topics", "watch",
))  # fmt: skip
# Mail of anybody, and names kept for examples (RFC 2606).
MAIL = frozenset((
    "126.com", "163.com", "aol.com", "gmail.com", "gmx.de", "gmx.net", "googlemail.com",
    "hotmail.com", "icloud.com", "live.com", "mail.ru", "me.com", "msn.com", "outlook.com",
    "proton.me", "protonmail.com", "qq.com", "users.noreply.github.com", "web.de", "yahoo.com",
    "yandex.ru",
))  # fmt: skip
EXAMPLE = ("example.com", "example.net", "example.org", "invalid", "localhost", "test")


def is_example(host: str) -> bool:
    """True for a host that stands for any."""
    return any(host == each or host.endswith(f".{each}") for each in EXAMPLE)


def is_shared(host: str) -> bool:
    """True for a host that anybody may have an address on."""
    names = (*(each.partition("/")[0] for each in (*HOSTING, *PERSONAL)), *MAIL)
    return is_example(host) or any(host == each or host.endswith(f".{each}") for each in names)
