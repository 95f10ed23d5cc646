//! The server's side of TLS: protocol versions, ALPN, and where certificates come from.

use std::{net::IpAddr, path::PathBuf, sync::Arc};

use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    server::ResolvesServerCert,
    version::{TLS12, TLS13},
};

use super::{
    authority::Authority,
    files::FilePair,
    leaf::{LeafIssuer, LeafResolver},
    names::Names,
};
use crate::{Error, clock, config::Config, lifecycle::DataDir};

/// Certificates for the connections of one server.
pub struct Tls {
    base: ServerConfig,
    source: Source,
    ca_file: Option<PathBuf>,
}

enum Source {
    Local(Arc<LeafIssuer>),
    Files(Arc<FilePair>),
}

impl Tls {
    /// Reads the certificate files, or opens the local authority of the folder, which is made if missing.
    pub fn open(config: &Config, data_dir: &DataDir) -> Result<Self, Error> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let now = clock::now();
        let (source, ca_file) = match &config.certificate {
            Some(files) => {
                let pair = FilePair::open(files, Arc::clone(&provider), now)?;
                (Source::Files(Arc::new(pair)), None)
            }
            None => {
                let names = Names::new(&config.domain, &config.listen);
                let issuer = LeafIssuer::new(Authority::open(data_dir, now)?, names)?;
                (Source::Local(Arc::new(issuer)), Some(data_dir.ca_file()))
            }
        };
        let mut base = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13, &TLS12])
            .map_err(|error| Error::Tls(error.to_string()))?
            .with_no_client_auth()
            .with_cert_resolver(source.resolver(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST)));
        base.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self {
            base,
            source,
            ca_file,
        })
    }

    /// Certificate that clients have to trust; `None` if the server's own comes from files.
    pub fn ca_file(&self) -> Option<PathBuf> {
        self.ca_file.clone()
    }

    /// Settings for a connection that came in on this address.
    pub(crate) fn for_connection(&self, local: IpAddr) -> Arc<ServerConfig> {
        let mut config = self.base.clone();
        config.cert_resolver = self.source.resolver(local);
        Arc::new(config)
    }

    /// Reads certificate files again; connections that are open keep what they have.
    pub(crate) fn reload(&self) -> Result<(), Error> {
        match &self.source {
            Source::Local(_) => Ok(()),
            Source::Files(pair) => pair.reload(clock::now()),
        }
    }

    /// Reads certificate files again if they changed, and says whether they did.
    pub(crate) fn reload_if_changed(&self) -> Result<bool, Error> {
        match &self.source {
            Source::Files(pair) if pair.has_changed() => self.reload().map(|()| true),
            Source::Files(_) | Source::Local(_) => Ok(false),
        }
    }
}

impl Source {
    fn resolver(&self, local: IpAddr) -> Arc<dyn ResolvesServerCert> {
        match self {
            Self::Local(issuer) => Arc::new(LeafResolver {
                issuer: Arc::clone(issuer),
                local,
            }),
            Self::Files(pair) => Arc::clone(pair) as Arc<dyn ResolvesServerCert>,
        }
    }
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls")
            .field("ca_file", &self.ca_file)
            .finish_non_exhaustive()
    }
}
