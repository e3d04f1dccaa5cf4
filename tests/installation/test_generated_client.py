"""A client generated from the committed OpenAPI document refers a report without a line written by hand."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.installation.demo_server import DemoServer
from tests.installation.served import ROOT

pytestmark = pytest.mark.timeout(300)

# Run apart: a generated client is somebody else's program, with imports of its own.
PROGRAM = """
import datetime, sys, uuid
from childcare_client import AuthenticatedClient, Client
from childcare_client.api.auth import create_token
from childcare_client.api.hotline import get_referral, refer_report
from childcare_client.models import (
    PlaceIn, HotlineReferralOut, ReferralReceived, ReferReport, ReportedChild, TokenForm,
)

address, secret = sys.argv[1:]
token = create_token.sync(
    client=Client(address),
    body=TokenForm(grant_type="client_credentials", client_id="tong-dai-111", client_secret=secret),
)
number = f"111-{uuid.uuid4().hex[:12]}"
with AuthenticatedClient(address, token=token.access_token) as client:
    report = ReferReport(
        external_ref=number,
        received_at=datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=20),
        place=PlaceIn(code="03006", as_of=datetime.date(2026, 1, 1), text="gần chợ"),
        children=[ReportedChild(estimated_age=8)],
        narrative="Trẻ bị đánh, có vết bầm ở tay.",
    )
    answer = refer_report.sync_detailed(client=client, body=report, idempotency_key=uuid.uuid4().hex)
    assert answer.status_code == 201, answer.content
    assert isinstance(answer.parsed, ReferralReceived), answer.parsed
    assert answer.parsed.external_ref == number
    assert answer.parsed.office is not None
    read = get_referral.sync(answer.parsed.source, number, client=client)
    assert isinstance(read, HotlineReferralOut) and read.id == answer.parsed.id
print(answer.parsed.status, answer.parsed.office.name)
"""


def test_the_generated_client_refers_a_report(demo_server: DemoServer, tmp_path: Path) -> None:
    package = tmp_path / "childcare_client"
    generator = Path(sys.executable).with_name("openapi-python-client")
    generated = subprocess.run(
        [
            generator,
            "generate",
            "--path",
            ROOT / "openapi" / "openapi.json",
            "--meta",
            "none",
            "--output-path",
            package,
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        # It formats what it made with the ruff that stands beside it.
        env={**os.environ, "PATH": f"{generator.parent}{os.pathsep}{os.environ['PATH']}"},
    )
    assert generated.returncode == 0, generated.stdout
    assert "Warning" not in generated.stdout + generated.stderr, "a part of the document could not be generated"
    (tmp_path / "program.py").write_text(PROGRAM)
    referred = subprocess.run(
        [sys.executable, "program.py", demo_server.address, demo_server.password],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert referred.returncode == 0, referred.stderr[-3000:]
    assert "Sa Pa" in referred.stdout
