//! The first start: tenant, subscription, a group and an administrator, once and never again.

use acr_http::Secret;
use acr_store::{Batch, Meta};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Error,
    directory::{
        Application, ClientSecret, Principal, PrincipalKind, keep_application, keep_principal,
    },
    group, role,
};

const SETTINGS: &str = "setting";
const TENANCY: &str = "tenancy";
const APPLICATIONS: &str = "application";
const NAME: &str = "administrator";
/// As good as forever; the administrator's secret lies in a file only its owner can read.
const LIFETIME: TimeDelta = TimeDelta::days(365 * 100);
/// Each data folder that lost its secret adds one; the oldest go.
const MOST_SECRETS: usize = 20;
const MOST_ATTEMPTS: u32 = 10;

/// The ids under which everything of this server lives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tenancy {
    /// The tenant.
    pub tenant_id: String,
    /// Its subscription.
    pub subscription_id: String,
    /// The administrator's client id.
    pub administrator_app_id: String,
    /// The administrator's object id.
    pub administrator_object_id: String,
}

/// What a client needs to act as the administrator.
#[derive(Debug, Clone)]
pub struct Administrator {
    /// The tenant.
    pub tenant_id: String,
    /// Its subscription.
    pub subscription_id: String,
    /// The client id.
    pub client_id: String,
    /// The client secret.
    pub client_secret: Secret,
}

/// Makes what is missing, and a secret unless the known one holds.
pub(crate) async fn plant(
    meta: &Meta,
    region: &str,
    known: Option<&Secret>,
    now: DateTime<Utc>,
) -> Result<(Tenancy, Administrator), Error> {
    let (tenancy, client_secret) = match read(meta).await? {
        Some(tenancy) => {
            let secret = secret(meta, &tenancy, known, now).await?;
            (tenancy, secret)
        }
        None => first_start(meta, region, now).await?,
    };
    let administrator = Administrator {
        tenant_id: tenancy.tenant_id.clone(),
        subscription_id: tenancy.subscription_id.clone(),
        client_id: tenancy.administrator_app_id.clone(),
        client_secret,
    };
    Ok((tenancy, administrator))
}

async fn read(meta: &Meta) -> Result<Option<Tenancy>, Error> {
    let document = meta.get(SETTINGS, TENANCY).await?;
    Ok(document.map(|document| document.parse()).transpose()?)
}

/// All in one transaction; of several servers that start on one database at once, one wins.
async fn first_start(
    meta: &Meta,
    region: &str,
    now: DateTime<Utc>,
) -> Result<(Tenancy, Secret), Error> {
    let id = || Uuid::new_v4().to_string();
    let tenancy = Tenancy {
        tenant_id: id(),
        subscription_id: id(),
        administrator_app_id: id(),
        administrator_object_id: id(),
    };
    let (secret, kept) = new_secret(now)?;
    let application = Application {
        id: id(),
        app_id: tenancy.administrator_app_id.clone(),
        display_name: NAME.to_owned(),
        created: now,
        principal_id: Some(tenancy.administrator_object_id.clone()),
        secrets: vec![kept],
        keys: Vec::new(),
        federated: Vec::new(),
        identifier_uris: Vec::new(),
    };
    let principal = Principal {
        id: tenancy.administrator_object_id.clone(),
        kind: PrincipalKind::ServicePrincipal,
        display_name: NAME.to_owned(),
        app_id: Some(tenancy.administrator_app_id.clone()),
        user_principal_name: None,
        password: None,
    };
    let batch = Batch::new().insert(SETTINGS, TENANCY, &tenancy);
    let batch = keep_application(batch, &application);
    let batch = keep_principal(batch, &principal);
    let batch = role::plant_owner(batch, &tenancy.subscription_id, &principal.id, now);
    let batch = group::plant(batch, &tenancy.subscription_id, "default", region)?;
    match meta.commit(batch).await {
        Ok(()) => Ok((tenancy, secret)),
        Err(acr_store::Error::Exists { .. }) => {
            let winner = read(meta).await?;
            let winner =
                winner.ok_or_else(|| Error::internal("the tenant of another server vanished"))?;
            let secret = self::secret(meta, &winner, None, now).await?;
            Ok((winner, secret))
        }
        Err(error) => Err(error.into()),
    }
}

fn new_secret(now: DateTime<Utc>) -> Result<(Secret, ClientSecret), Error> {
    ClientSecret::make(Some("local".to_owned()), now, LIFETIME)
}

async fn secret(
    meta: &Meta,
    tenancy: &Tenancy,
    known: Option<&Secret>,
    now: DateTime<Utc>,
) -> Result<Secret, Error> {
    for _ in 0..MOST_ATTEMPTS {
        let key = &tenancy.administrator_app_id;
        let document = meta.get(APPLICATIONS, key).await?;
        let document = document.ok_or_else(|| Error::internal("the administrator is missing"))?;
        let mut application: Application = document.parse()?;
        let holds = |known: &&Secret| {
            let mut kept = application.secrets.iter();
            kept.any(|kept| kept.holds(now) && kept.is(known.expose()))
        };
        if let Some(known) = known.filter(holds) {
            return Ok(known.clone());
        }
        let (secret, kept) = new_secret(now)?;
        application.secrets.push(kept);
        if application.secrets.len() > MOST_SECRETS {
            application.secrets.remove(0);
        }
        let batch = Batch::new().replace(APPLICATIONS, key, document.revision, &application);
        match meta.commit(batch).await {
            Ok(()) => return Ok(secret),
            Err(acr_store::Error::Precondition { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Error::internal("the administrator changes all the time"))
}
