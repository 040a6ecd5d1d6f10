"""A report of delivery, for tests that need one of their own."""

ID = "<6874f86916dd741e97ecf441f76a2e14@alliances.acme.example>"
KARL = "karl.vogt@acme.example"
HEAD = "From: MAILER-DAEMON@relay.acme.example\r\nTo: cadence@alliances.acme.example\r\n"
ORIGINAL = f"From: cadence@alliances.acme.example\r\nTo: {KARL}\r\nMessage-ID: {ID}\r\nSubject: Overdue\r\n\r\nx\r\n"


def report(
    action: str = "failed", status: str = "5.1.1", said: str = "smtp; 550 5.1.1 User unknown", given_back: str = ""
) -> bytes:
    """As RFC 3464 has it."""
    parts = [
        ["Content-Type: text/plain", "", "I'm sorry."],
        [
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; relay.acme.example",
            "",
            f"Final-Recipient: rfc822; {KARL}",
            *([f"Action: {action}"] if action else []),
            f"Status: {status}",
            f"Diagnostic-Code: {said}",
            "",
        ],
        [given_back or f"Content-Type: message/rfc822\r\n\r\n{ORIGINAL}"],
    ]
    head = (
        f"{HEAD}Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n'
    )
    lines = [line for part in parts for line in ("--b", *part)]
    return "\r\n".join((head, *lines, "--b--", "")).encode()
