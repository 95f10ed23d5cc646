//! Azure Container Registry in one binary: a drop-in `az acr`, and the registry itself.
//!
//! # The map of the house
//!
//! ```text
//! cli        this package: the command line. commands/<group>/<command>.rs, the path is the words of the command
//! api        acr-api      the words both faces use: wire types and name grammars, nothing else
//! http       acr-http     transport only: client, retries, redaction
//! auth       acr-auth     credentials: where an access token comes from
//! client     acr-client   typed services over HTTP: ARM with paging and operations, registries, engines, transfers
//! store      acr-store    ports and adapters: metadata on SQLite or PostgreSQL, blobs in files, Azure Blob or S3
//! server     acr-server   `acr serve`: control plane, token service and images behind one port
//! tests/it   one test binary; tests/it/oracle holds the real az against us
//! ```
//!
//! *Invariant*: the two faces meet only on the wire. The command line speaks HTTP and cannot tell
//! Azure from `acr serve`; `server` is named only by `commands/serve` and `commands/quickstart`.
//!
//! *Invariant*: a command gets its world as one value ([`cli`]'s `Ctx`) and returns data; one place
//! renders it, one place turns errors into messages and exit codes.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
