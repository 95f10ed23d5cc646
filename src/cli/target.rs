//! How the control plane of a context is reached, and with which credential.

use super::config::Settings;
use super::context::{Admin, Contexts};
use super::error::CliError;
use acr_auth::{Chain, Cloud, ServicePrincipal, az};
use acr_client::arm::{Arm, Target};
use acr_http::{Client, Secret};
use serde_json::Value;
use std::path::PathBuf;
use url::Url;

/// Where commands go.
pub(crate) struct Backend {
    /// The control plane.
    pub arm: Arm,
    /// How the cloud names its services.
    pub cloud: Cloud,
    /// The context's name.
    pub context: String,
    /// Whether it is a server of our own and not Azure.
    pub is_server: bool,
}

impl Backend {
    /// Reaches the context in use.
    pub(crate) async fn reach(settings: &Settings) -> Result<Self, CliError> {
        let contexts = Contexts::load(settings.environment.config_folder())?;
        let context = settings.context_name(&contexts);
        match contexts.server(&context)? {
            Some(server) => {
                let admin = server.admin(&context)?;
                Self::server(settings, context, admin).await
            }
            None => Self::azure(settings, context).await,
        }
    }

    async fn azure(settings: &Settings, context: String) -> Result<Self, CliError> {
        let http = client(settings, None);
        let cloud = az::active_cloud(&settings.environment, &settings.az)?;
        let chain = chain(settings, http.clone(), cloud.clone(), None);
        let known = chain.account().await?.subscription_id;
        let arm = connect(settings, http, chain, &cloud, known).await?;
        Ok(Self {
            arm,
            cloud,
            context,
            is_server: false,
        })
    }

    /// Reaches a server of our own.
    pub(crate) async fn server(
        settings: &Settings,
        context: String,
        admin: Admin,
    ) -> Result<Self, CliError> {
        let http = client(settings, admin.ca_file.clone());
        let cloud = server_cloud(&context, &admin);
        let principal = ServicePrincipal {
            tenant_id: admin.tenant_id.clone(),
            client_id: admin.client_id.clone(),
            secret: Secret::new(admin.client_secret),
        };
        let chain = chain(settings, http.clone(), cloud.clone(), Some(principal));
        let known = Some(admin.subscription_id);
        let arm = connect(settings, http, chain, &cloud, known).await?;
        Ok(Self {
            arm,
            cloud,
            context,
            is_server: true,
        })
    }
}

fn client(settings: &Settings, ca_file: Option<PathBuf>) -> Client {
    Client::new(acr_http::Settings {
        ca_bundle: ca_file.or_else(|| settings.ca_bundle()),
        verify: settings.verifies_tls(),
        ..acr_http::Settings::default()
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command line's clock is the machine's"
)]
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
            clock: chrono::Utc::now,
        },
    )
}

/// Connects to a cloud's control plane in the subscription that was asked for, else in the one the
/// credential knows, else in the first one that it sees.
async fn connect(
    settings: &Settings,
    http: Client,
    chain: Chain,
    cloud: &Cloud,
    known: Option<String>,
) -> Result<Arm, CliError> {
    let target = Target {
        endpoint: cloud.resource_manager.clone(),
        audience: cloud.active_directory_resource_id.clone(),
        subscription: known.clone().unwrap_or_default(),
        request_id: uuid::Uuid::new_v4().to_string(),
    };
    let mut arm = Arm::new(http, chain, target);
    let wanted = settings.global.subscription.as_deref();
    if let Some(id) = wanted.filter(|wanted| uuid::Uuid::try_parse(wanted).is_ok()) {
        arm.enter_subscription(id.to_ascii_lowercase());
    } else if wanted.is_some() || known.is_none() {
        let seen = arm.subscriptions().list().await?;
        arm.enter_subscription(choose(&seen, wanted)?);
    }
    Ok(arm)
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
        storage_suffix: Some(format!("storage.{host}")),
        key_vault_suffix: None,
    }
}
