//! How a client names an image in the registry.

/// The tag of everything that is pushed: Helm takes nothing but versions.
pub(super) const TAG: &str = "1.0.0";

/// An image, by the registry's own host or by a path of the server's.
#[derive(Debug, Clone)]
pub(super) struct Image {
    /// The host and its port.
    pub(super) host: String,
    /// What follows the host.
    pub(super) path: String,
    /// The repository as the registry knows it.
    pub(super) repository: String,
    /// Whether the host is the server's own, which clients may reach without TLS.
    pub(super) is_by_path: bool,
}

impl Image {
    /// Through the host of the registry.
    pub(super) fn by_host(registry: &str, port: u16) -> Self {
        let repository = "by-host/box".to_owned();
        Self {
            host: format!("{registry}.localhost:{port}"),
            path: repository.clone(),
            repository,
            is_by_path: false,
        }
    }

    /// Through a path of the server that begins with the registry's name.
    pub(super) fn by_path(registry: &str, port: u16) -> Self {
        let repository = "by-path/box".to_owned();
        Self {
            host: format!("localhost:{port}"),
            path: format!("{registry}/{repository}"),
            repository,
            is_by_path: true,
        }
    }

    /// The repository as clients write it.
    pub(super) fn source(&self) -> String {
        format!("{}/{}", self.host, self.path)
    }

    /// The image as clients write it.
    pub(super) fn name(&self) -> String {
        format!("{}:{TAG}", self.source())
    }
}
