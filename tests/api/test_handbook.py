"""The documents as pages: which there are, where their links lead, and what nobody gets."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.test import Client

from api.handbook import shelf
from api.handbook.markdown import heading_name, read

DOCUMENTS = sorted(shelf.documents())
INSTRUCTORS, *OTHERS = shelf.contents()


class Links(HTMLParser):
    """The links, pictures and names of a page, and whatever the policy of our pages would refuse."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.names: list[str] = []
        self.refused: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.links += [link for name in ("href", "src") if (link := found.get(name))]
        self.names += [name] if (name := found.get("id")) else []
        self.refused += [tag] if tag in ("script", "style", "iframe") else []
        self.refused += [name for name in found if name == "style" or name.startswith("on")]


def page(client: Client, name: str) -> Links:
    response = client.get(f"/docs/{name}/" if name else "/docs/")
    assert response.status_code == 200, name
    return Links(response.content.decode())


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_is_a_page_that_the_policy_lets_be(client: Client, name: str) -> None:
    found = page(client, name)
    assert found.refused == []
    assert len(found.names) == len(set(found.names))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_of_a_page_leads_to_a_page_and_its_place(client: Client, name: str) -> None:
    here = f"/docs/{name}/" if name else "/docs/"
    for link in page(client, name).links:
        target = urlsplit(urljoin(here, link))
        if target.netloc or not target.path.startswith("/docs/") or target.path == "/docs/search/":
            continue
        assert client.get(target.path).status_code == 200, link
        if target.fragment:
            assert target.fragment in page(client, target.path.removeprefix("/docs/").strip("/")).names, link


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_link_is_left_that_leads_to_a_file(client: Client, name: str) -> None:
    links = [link for link in page(client, name).links if not re.match(r"https?:|mailto:|/|#", link)]
    assert links == []


def test_the_contents_name_every_document_once() -> None:
    named = [entry.name for group in shelf.contents() for entry in group.entries]
    assert sorted([*named, ""]) == DOCUMENTS


def test_the_contents_stand_apart_by_reader() -> None:
    assert INSTRUCTORS.title == "For instructors"
    assert {"For administrators", "For developers"} <= {group.title for group in OTHERS}


@pytest.mark.parametrize("entry", INSTRUCTORS.entries, ids=lambda entry: entry.name)
def test_what_instructors_read_is_no_program(entry: shelf.Entry) -> None:
    text = Path(shelf.FOLDER, entry.file).read_text(encoding="utf-8")
    assert (
        re.findall(
            r"```(?:python|sh|bash)|(?m:^\s*(?:from \S+ import|import \w+|def ))|(?<!manage)\.py\b", text
        )
        == []
    )


@pytest.mark.parametrize(
    "path",
    [
        "nowhere/", "nowhere", "authoring.md", "index/", "lms/index/", "lms/nowhere/", "images/",
        "images/nothing.png", "../manage.py", "..%2fmanage.py",
        "%2e%2e/README/", "images/../../README.md", "images/%2e%2e/%2e%2e/x.png",
        "//etc/passwd", "a%00b/", "%ff/", "item.schema.json", "x" * 3000 + "/",
    ],
)  # fmt: skip
def test_what_is_no_document_is_not_found(client: Client, path: str) -> None:
    assert client.get(f"/docs/{path}", follow=True).status_code == 404


def test_what_is_not_found_says_where_the_pages_are(client: Client) -> None:
    response = client.get("/docs/nowhere/")
    assert response.status_code == 404
    assert 'href="/docs/"' in response.content.decode()
    assert "There is no such page" in response.content.decode()


def test_an_address_without_its_slash_leads_to_the_page(client: Client) -> None:
    assert client.get("/docs/authoring", follow=True).status_code == 200
    assert client.get("/docs", follow=True).status_code == 200


def test_a_picture_is_sent_as_what_it_is(client: Client) -> None:
    response = client.get("/docs/images/quiz.png")
    assert response.headers["Content-Type"] == "image/png"
    assert response.content.startswith(b"\x89PNG")


def test_a_link_out_of_the_folder_is_no_way_to_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret.md").write_text("# Secret\n")
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "index.md").write_text("# Help\n")
    (folder / "linked.md").symlink_to(tmp_path / "secret.md")
    monkeypatch.setattr(shelf, "FOLDER", folder)
    assert set(shelf.documents()) == {""}


def test_a_document_that_changes_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "FOLDER", tmp_path)
    file = tmp_path / "a.md"
    file.write_text("# One\n")
    assert shelf.document(file).title == "One"
    file.write_text("# Another\n")
    assert shelf.document(file).title == "Another"


@pytest.mark.parametrize("title", ["What is right?", "Moodle's `numerical`", "Grösse", "A, B and C"])
def test_headings_are_named_as_hosts_of_repositories_do(title: str) -> None:
    document = read(f"# T\n\n## {title}\n\n## {title}\n", str)
    first, second = document.headings
    assert first.name == heading_name(title.replace("`", ""))
    assert second.name == f"{first.name}-1"


def test_raw_html_is_shown_as_text() -> None:
    html = read("# T\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))\n", str).html
    assert "<script" not in html
    assert "href" not in html


def test_a_search_finds_titles_first(client: Client) -> None:
    found = shelf.search("tolerance")
    assert found[0].title == "Choosing a tolerance"
    assert 'href="/docs/tolerance/"' in client.get("/docs/search/", {"q": "tolerance"}).content.decode()


@pytest.mark.parametrize("asked", ["", " ", "<b>", "\x00", "a" * 5000, "%", "nowhere-at-all"])
def test_a_search_for_anything_is_answered(client: Client, asked: str) -> None:
    response = client.get("/docs/search/", {"q": asked})
    assert response.status_code == 200
    assert b"<b>" not in response.content


def test_the_image_brings_the_documents_along() -> None:
    assert "COPY docs docs" in Path(settings.BASE_DIR, "Dockerfile").read_text(encoding="utf-8")
