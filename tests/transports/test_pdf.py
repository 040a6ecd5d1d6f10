"""A page becomes a PDF in a process of its own, which loads nothing from elsewhere."""

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from scheduler.domain.errors import UserError
from scheduler.render.agenda.markdown import as_html
from scheduler.transports import pdf
from tests.render.agendas import FOLDERS


def test_an_agenda_becomes_a_pdf() -> None:
    made = pdf.pdf_of(as_html("# Operating review\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n", "X", FOLDERS).text)
    assert made.startswith(b"%PDF-") and b"%%EOF" in made[-10:]


def test_whoever_makes_one_does_not_load_weasyprint() -> None:
    said = "import sys; from scheduler.transports import pdf; pdf.can_print(); print('weasyprint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", said], capture_output=True, text=True).stdout == "False\n"


def test_nothing_is_loaded_from_elsewhere() -> None:
    asked: list[str] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    page = f'<link rel="stylesheet" href="{url}/a.css"><img src="{url}/a.png"><img src="file:///etc/passwd"><p>Text'
    assert pdf.pdf_of(page).startswith(b"%PDF-")
    server.shutdown()
    server.server_close()
    assert asked == []


def test_where_weasyprint_is_not_installed_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "find_spec", lambda name: None)
    with pytest.raises(UserError) as refused:
        pdf.pdf_of("<p>x")
    assert refused.value.hint == "pip install 'governance-cadence[pdf]'"
