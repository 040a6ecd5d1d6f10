"""Forms behind signed links."""
