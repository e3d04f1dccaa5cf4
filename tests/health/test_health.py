import httpx
import pytest


@pytest.fixture
def root(nobody: httpx.AsyncClient) -> httpx.AsyncClient:
    nobody.base_url = "http://test"
    return nobody


async def test_it_says_that_it_runs_and_is_ready(root):
    for address in ("/healthz", "/readyz"):
        answer = await root.get(address)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_it_is_not_ready_without_its_database(root, database, monkeypatch):
    def gone():
        raise ConnectionRefusedError("10.1.2.3")

    monkeypatch.setattr(database, "bare", gone)
    answer = await root.get("/readyz")
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (503, "unavailable")
    assert "10.1.2.3" not in answer.text
    assert (await root.get("/healthz")).status_code == 200
    monkeypatch.setattr(database, "mapped", gone)
    assert "childcare_outbox_given_up NaN" in (await root.get("/metrics")).text


async def test_metrics_are_for_this_machine_alone(root, app):
    numbers = (await root.get("/metrics")).text
    assert "childcare_request_seconds" in numbers
    assert "childcare_outbox_given_up 0.0" in numbers
    proxied = await root.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"})
    assert proxied.status_code == 404
    stranger = httpx.AsyncClient(transport=httpx.ASGITransport(app, client=("10.0.0.1", 1)), base_url="http://test")
    assert (await stranger.get("/metrics")).status_code == 404


async def test_the_document_may_be_kept_and_asked_for_by_its_tag(root):
    first = await root.get("/openapi.json")
    assert first.json()["openapi"].startswith("3.1")
    again = await root.get("/openapi.json", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await root.get("/openapi.json", headers={"If-None-Match": '"other"'})).status_code == 200


async def test_the_bare_address_leads_to_the_page_which_may_be_asked_for_its_head(root):
    bare = await root.get("/")
    assert (bare.status_code, bare.headers["location"]) == (307, "docs")
    for address in ("/docs", "/docs/start.js", "/openapi.json"):
        head = await root.head(address)
        assert head.status_code == 200, address
        assert int(head.headers["content-length"]) > 100


async def test_the_page_loads_nothing_from_elsewhere(root):
    page = await root.get("/docs")
    assert page.status_code == 200
    assert ("http" in page.text, '<html lang="en">' in page.text) == (False, True), "it speaks English"
    for asset in ("swagger-ui-bundle.js", "swagger-ui.css", "start.js"):
        assert f"docs/{asset}" in page.text
        part = await root.get(f"/docs/{asset}")
        assert part.status_code == 200
        assert len(part.content) > 100
    for other in ("swagger-ui-bundle.js.map", "..%2F__init__.py", "nothing"):
        assert (await root.get(f"/docs/{other}")).status_code == 404
