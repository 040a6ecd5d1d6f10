"""What people do, once each, whoever asks for it: a command, a form, the API, a mail."""
