//! Who exists: applications, service principals, managed identities and users.

mod application;
mod password;
mod principal;
mod secret;

pub(crate) use application::keep_new as keep_application;
pub use application::{
    Application, FederatedCredential, KeyCredential, by_app_id, by_object_id, change_application,
    create_application, delete_application, list_applications, save_application,
};
pub use password::Password;
pub use principal::{
    Principal, PrincipalKind, find_principal, forget as forget_principal, keep as keep_principal,
    list_principals, user_by_name,
};
pub use secret::ClientSecret;
