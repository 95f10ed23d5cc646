//! How the control plane of a context is reached, and with which credential.

use super::config::Settings;
use super::context::{AZURE, Admin, Contexts};
use super::error::CliError;
use super::pauses;
use acr_auth::exchange::KnownHosts;
use acr_auth::{Chain, Cloud, ServicePrincipal, az};
use acr_client::arm::{Arm, Target};
use acr_http::{Client, Secret};
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::OnceCell;
use url::Url;

/// Where commands go.
pub(crate) struct Backend {
    /// Speaks HTTP, trusting what the context trusts.
    pub http: Client,
    /// Who we are there.
    pub chain: Arc<Chain>,
    /// How the cloud names its services.
    pub cloud: Cloud,
    /// The context's name.
    pub context: String,
    /// Whether it is a server of our own and not Azure.
    pub is_server: bool,
    /// The subscription that a person asked for, by id or name.
    wanted: Option<String>,
    /// The subscription of a server of our own.
    known: Option<String>,
    arm: OnceCell<Arm>,
}

impl Backend {
    /// Finds the context in use; nothing is asked of it yet.
    pub(crate) fn find(settings: &Settings) -> Result<Self, CliError> {
        let contexts = Contexts::load(settings.environment.config_folder())?;
        let context = settings.context_name(&contexts);
        match contexts.server(&context)? {
            Some(server) => {
                let admin = server.admin(&context)?;
                Ok(Self::server(settings, context, admin))
            }
            None => Self::azure(settings, context),
        }
    }

    /// The context that a registry's host belongs to: the one in use if it fits, else any other. A
    /// context that cannot be read fits nothing.
    pub(crate) fn of_host(settings: &Settings, host: &str) -> Option<Self> {
        let contexts = Contexts::load(settings.environment.config_folder()).ok()?;
        let servers = contexts.servers.iter().filter_map(|(name, server)| {
            let admin = server.admin(name).ok()?;
            Some(Self::server(settings, name.clone(), admin))
        });
        let azure = || Self::azure(settings, AZURE.to_owned()).ok();
        Self::find(settings)
            .into_iter()
            .chain(servers)
            .chain(std::iter::once_with(azure).flatten())
            .find(|backend| backend.has_registry(host))
    }

    /// Whether a host, with its port if it has one, can be a registry of this context.
    pub(crate) fn has_registry(&self, host: &str) -> bool {
        KnownHosts::of_clouds([&self.cloud]).contains(host)
    }

    fn azure(settings: &Settings, context: String) -> Result<Self, CliError> {
        let http = client(settings, None);
        let cloud = az::active_cloud(&settings.environment, &settings.az)?;
        let chain = chain(settings, http.clone(), cloud.clone(), None);
        Ok(Self {
            http,
            chain: Arc::new(chain),
            cloud,
            context,
            is_server: false,
            wanted: settings.global.subscription.clone(),
            known: None,
            arm: OnceCell::new(),
        })
    }

    /// A server of our own.
    pub(crate) fn server(settings: &Settings, context: String, admin: Admin) -> Self {
        let http = client(settings, admin.ca_file.clone());
        let cloud = server_cloud(&context, &admin);
        let principal = ServicePrincipal {
            tenant_id: admin.tenant_id.clone(),
            client_id: admin.client_id.clone(),
            secret: Secret::new(admin.client_secret),
        };
        let chain = chain(settings, http.clone(), cloud.clone(), Some(principal));
        Self {
            http,
            chain: Arc::new(chain),
            cloud,
            context,
            is_server: true,
            wanted: settings.global.subscription.clone(),
            known: Some(admin.subscription_id),
            arm: OnceCell::new(),
        }
    }

    /// The control plane, connected to when first needed.
    pub(crate) async fn arm(&self) -> Result<&Arm, CliError> {
        self.arm.get_or_try_init(|| self.connect()).await
    }

    /// Connects in the subscription that was asked for, else in the one the credential knows, else in
    /// the first one that it sees.
    async fn connect(&self) -> Result<Arm, CliError> {
        let known = match &self.known {
            Some(known) => Some(known.clone()),
            None => self.chain.account().await?.subscription_id,
        };
        let target = Target {
            endpoint: self.cloud.resource_manager.clone(),
            audience: self.cloud.active_directory_resource_id.clone(),
            subscription: known.clone().unwrap_or_default(),
            request_id: uuid::Uuid::new_v4().to_string(),
        };
        let mut arm = Arm::new(self.http.clone(), Arc::clone(&self.chain), target);
        let wanted = self.wanted.as_deref();
        if let Some(id) = wanted.filter(|wanted| uuid::Uuid::try_parse(wanted).is_ok()) {
            arm.enter_subscription(id.to_ascii_lowercase());
        } else if wanted.is_some() || known.is_none() {
            let seen = arm.subscriptions().list().await?;
            arm.enter_subscription(choose(&seen, wanted)?);
        }
        Ok(arm)
    }
}

fn client(settings: &Settings, ca_file: Option<PathBuf>) -> Client {
    Client::new(acr_http::Settings {
        ca_bundle: ca_file.or_else(|| settings.ca_bundle()),
        verify: settings.verifies_tls(),
        pauses: Some(pauses::on_console(settings)),
        ..acr_http::Settings::default()
    })
}

fn chain(
    settings: &Settings,
    http: Client,
    cloud: Cloud,
    explicit: Option<ServicePrincipal>,
) -> Chain {
    Chain::new(
        settings.environment.clone(),
        http,
        acr_auth::Settings {
            cloud,
            explicit,
            subscription: settings.global.subscription.clone(),
            clock: settings.clock(),
        },
    )
}

fn choose(subscriptions: &[Value], wanted: Option<&str>) -> Result<String, CliError> {
    let is_wanted = |subscription: &&Value| match wanted {
        Some(wanted) => subscription["displayName"]
            .as_str()
            .is_some_and(|name| name.eq_ignore_ascii_case(wanted)),
        None => subscription["state"] == "Enabled",
    };
    let found = subscriptions.iter().find(is_wanted);
    let id = found.and_then(|subscription| subscription["subscriptionId"].as_str());
    id.map(str::to_owned).ok_or_else(|| match wanted {
        Some(wanted) => CliError::failed(format!("Subscription '{wanted}' not found.")),
        None => CliError::failed("The credential sees no subscription.")
            .hint("Name one with --subscription, or ask for a role in one."),
    })
}

/// The names of a server of our own, nearly all of which follow from its endpoint.
fn server_cloud(context: &str, admin: &Admin) -> Cloud {
    let endpoint = admin.endpoint.trim_end_matches('/');
    let url = Url::parse(endpoint).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or("localhost");
    let authority = match url.as_ref().and_then(Url::port) {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    let suffix = admin.login_server_suffix.clone();
    Cloud {
        name: context.to_owned(),
        resource_manager: endpoint.to_owned(),
        active_directory: endpoint.to_owned(),
        active_directory_resource_id: endpoint.to_owned(),
        microsoft_graph_resource_id: Some(endpoint.to_owned()),
        registry_suffix: Some(suffix.unwrap_or_else(|| format!(".{authority}"))),
        // Blobs come from the login server itself.
        storage_suffix: None,
        key_vault_suffix: None,
    }
}
