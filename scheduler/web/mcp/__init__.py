"""What assistants read: an endpoint of the Model Context Protocol. `messages` are the protocol, `tools` what can be
asked, `endpoint` lets a request in and answers it; `rate` is how often a token may ask."""
