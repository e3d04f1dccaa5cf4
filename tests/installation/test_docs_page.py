"""The page at /docs, in a real browser without internet: log in with a password, try a call, read the answer."""

import os
import shutil

import pytest
from playwright.sync_api import Page, sync_playwright
from tests.installation.demo_server import DemoServer

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium here: apt-get install chromium")
        pytest.skip("no Chromium here: apt-get install chromium")
    return found


def log_in(page: Page, username: str, password: str) -> None:
    page.fill("#oauth_username", username)
    page.fill("#oauth_password", password)
    page.locator(".modal-ux .auth-container").first.locator("button.authorize").click()


def try_me(page: Page) -> str:
    page.locator(".opblock-tag", has_text="auth").click()
    operation = page.locator("#operations-auth-get_me")
    operation.locator(".opblock-summary-control").click()
    operation.locator("button.try-out__btn").click()
    operation.locator("button.execute").click()
    answer = operation.locator(".live-responses-table .response")
    answer.wait_for()
    return answer.inner_text()


def test_a_person_logs_in_and_tries_a_call(chromium: str, demo_server: DemoServer) -> None:
    address, password = demo_server.address, demo_server.password
    asked: list[str] = []
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not start under root; the page is ours and nothing else is opened.
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": 1400})
        page.set_default_timeout(60_000)
        page.on("request", lambda request: asked.append(request.url))
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{address}/docs")
        page.wait_for_selector(".opblock-tag")
        page.click("button.authorize")
        log_in(page, "sa-pa.officer", "not the password")
        page.wait_for_selector(".modal-ux .errors")
        log_in(page, "sa-pa.officer", password)
        page.wait_for_selector(".modal-ux >> text=Logout")
        page.click(".modal-ux .close-modal")
        answer = try_me(page)
        if picture := os.environ.get("CHILDCARE_SCREENSHOT"):
            page.screenshot(path=picture)
        browser.close()
    assert answer.startswith("200")
    assert '"username": "sa-pa.officer"' in answer
    assert '"role": "commune_officer"' in answer
    assert [url for url in asked if not url.startswith((address, "data:"))] == [], "it needs no internet"
    assert [text for text in complaints if "401" not in text and "400" not in text] == []
