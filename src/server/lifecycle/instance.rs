//! A server that owns its folder and its port, and answers nothing yet.

use std::{net::SocketAddr, sync::Arc};

use tokio::net::TcpListener;

use super::{
    admin::{Admin, Identity},
    data_dir::DataDir,
    lock::Lock,
    process,
    record::{Record, State},
};
use crate::{Error, clock, config::Config, http::tls::Tls};

/// The folder locked, the certificates ready, the port taken: clients that come now wait a moment.
pub struct Instance {
    config: Config,
    data_dir: DataDir,
    record: Record,
    tls: Arc<Tls>,
    pub(super) listener: Option<TcpListener>,
    // Last, so that the folder is given up after everything else.
    _lock: Lock,
}

impl Instance {
    /// Takes folder and port, or says who has them.
    pub async fn open(config: Config) -> Result<Self, Error> {
        let data_dir = DataDir::new(&config.data_dir);
        data_dir.create()?;
        let lock = Lock::acquire(&data_dir)?;
        let tls = Arc::new(Tls::open(&config, &data_dir)?);
        let listener = bind(&config).await?;
        let address = listener.local_addr().map_err(|source| Error::Bind {
            address: config.listen.to_string(),
            source,
        })?;
        let pid = std::process::id();
        let record = Record {
            pid,
            process_start: process::start_of(pid),
            started_at: clock::now(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            endpoint: format!("https://{}", authority(&config, address)),
            address,
            state: State::Starting,
        };
        record.write(&data_dir)?;
        Ok(Self {
            config,
            data_dir,
            record,
            tls,
            listener: Some(listener),
            _lock: lock,
        })
    }

    /// The settings it was opened with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Its folder.
    pub fn data_dir(&self) -> &DataDir {
        &self.data_dir
    }

    /// Base address of the control plane, such as `https://localhost:5480`.
    pub fn endpoint(&self) -> &str {
        &self.record.endpoint
    }

    /// What follows a registry's label in its host names, such as `localhost:5480`.
    pub fn registry_domain(&self) -> String {
        with_port(&self.config.domain, self.record.address.port())
    }

    /// The socket address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.record.address
    }

    /// Its certificates.
    pub fn tls(&self) -> Arc<Tls> {
        Arc::clone(&self.tls)
    }

    /// Writes `admin.json` for scripts, and says what is in it.
    pub fn write_admin(&self, identity: Identity) -> Result<Admin, Error> {
        let admin = Admin {
            endpoint: self.record.endpoint.clone(),
            tenant_id: identity.tenant_id,
            subscription_id: identity.subscription_id,
            client_id: identity.client_id,
            client_secret: identity.client_secret,
            login_server_suffix: format!(".{}", self.registry_domain()),
            ca_file: self.tls.ca_file(),
        };
        admin.write(&self.data_dir)?;
        Ok(admin)
    }

    pub(super) fn set_state(&mut self, state: State) -> Result<(), Error> {
        self.record.state = state;
        self.record.write(&self.data_dir)
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        Record::remove(&self.data_dir);
    }
}

async fn bind(config: &Config) -> Result<TcpListener, Error> {
    let listen = &config.listen;
    TcpListener::bind((listen.host.as_str(), listen.port))
        .await
        .map_err(|source| Error::Bind {
            address: listen.to_string(),
            source,
        })
}

/// Host and port under which the control plane is reached: the domain, unless that is `localhost` and the
/// server does not listen there.
fn authority(config: &Config, address: SocketAddr) -> String {
    let ip = address.ip();
    let is_localhost = ip.is_unspecified()
        || ip == std::net::Ipv4Addr::LOCALHOST
        || ip == std::net::Ipv6Addr::LOCALHOST;
    if is_localhost || config.domain != "localhost" {
        with_port(&config.domain, address.port())
    } else {
        address.to_string()
    }
}

/// 443 is left out, as clients leave it out.
fn with_port(host: &str, port: u16) -> String {
    match port {
        443 => host.to_owned(),
        port => format!("{host}:{port}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Layers, Setting};

    #[test]
    fn the_endpoint_is_one_that_can_be_reached() {
        for (domain, address, endpoint) in [
            ("localhost", "127.0.0.1:5480", "localhost:5480"),
            ("localhost", "[::1]:5480", "localhost:5480"),
            ("localhost", "0.0.0.0:443", "localhost"),
            ("localhost", "127.0.0.2:5480", "127.0.0.2:5480"),
            ("localhost", "[fd00::7]:5480", "[fd00::7]:5480"),
            ("registry.test", "10.0.0.7:443", "registry.test"),
            ("registry.test", "127.0.0.1:8443", "registry.test:8443"),
        ] {
            let mut layers = Layers {
                default_data_dir: "/nowhere".into(),
                ..Layers::default()
            };
            layers.flags.insert(Setting::Domain, domain.to_owned());
            let config = Config::resolve(&layers).unwrap();
            assert_eq!(authority(&config, address.parse().unwrap()), endpoint);
        }
    }
}
