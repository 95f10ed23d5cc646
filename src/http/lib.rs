//! HTTP transport: client, retry, redaction, links.
