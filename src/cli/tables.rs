//! Tables that several commands show alike.

use super::ui::table::{Column, date};
use serde_json::Value;

/// Registries.
pub(crate) const REGISTRIES: &[Column] = &[
    Column::path("NAME", "name"),
    Column::path("RESOURCE GROUP", "resourceGroup"),
    Column::path("LOCATION", "location"),
    Column::path("SKU", "sku.name"),
    Column::path("LOGIN SERVER", "loginServer"),
    Column::date("CREATION DATE", "creationDate"),
    Column::path("ADMIN ENABLED", "adminUserEnabled"),
];

/// The administrator's credentials.
pub(crate) const CREDENTIALS: &[Column] = &[
    Column::path("USERNAME", "username"),
    Column::path("PASSWORD", "passwords[0].value"),
    Column::path("PASSWORD2", "passwords[1].value"),
];

/// The limits of a registry.
pub(crate) const USAGES: &[Column] = &[
    Column::path("NAME", "name"),
    Column::path("LIMIT", "limit"),
    Column::path("CURRENT VALUE", "currentValue"),
    Column::path("UNIT", "unit"),
];

/// Scope maps.
pub(crate) const SCOPE_MAPS: &[Column] = &[
    Column::path("NAME", "name"),
    Column::path("TYPE", "scopeMapType"),
    Column::date("CREATION DATE", "creationDate"),
    Column::value("DESCRIPTION", short_description),
];

/// Tokens.
pub(crate) const TOKENS: &[Column] = &[
    Column::path("NAME", "name"),
    Column::value("SCOPE MAP", scope_map_name),
    Column::value("PASSWORD1 EXPIRY", |token| expiry(token, "password1")),
    Column::value("PASSWORD2 EXPIRY", |token| expiry(token, "password2")),
    Column::value("STATUS", title_status),
    Column::path("PROVISIONING STATE", "provisioningState"),
    Column::date("CREATION DATE", "creationDate"),
];

/// Passwords that were just made; a column without a password does not show.
pub(crate) const TOKEN_CREDENTIALS: &[Column] = &[
    Column::path("USERNAME", "username"),
    Column::optional("PASSWORD1", |made| password(made, "password1")),
    Column::optional("PASSWORD1 EXPIRY", |made| made_expiry(made, "password1")),
    Column::optional("PASSWORD2", |made| password(made, "password2")),
    Column::optional("PASSWORD2 EXPIRY", |made| made_expiry(made, "password2")),
];

const SHOWN_DESCRIPTION_CHARS: usize = 57;

fn short_description(map: &Value) -> Value {
    let description = map["description"].as_str().unwrap_or_default();
    let short: String = description.chars().take(SHOWN_DESCRIPTION_CHARS).collect();
    if short.len() < description.len() {
        format!("{short}...").into()
    } else {
        short.into()
    }
}

fn scope_map_name(token: &Value) -> Value {
    let id = token["scopeMapId"].as_str().unwrap_or_default();
    id.rsplit('/').next().unwrap_or_default().into()
}

fn title_status(token: &Value) -> Value {
    let status = token["status"].as_str().unwrap_or_default();
    let mut letters = status.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect::<String>().into()
}

fn find<'a>(passwords: &'a Value, name: &str) -> Option<&'a Value> {
    let passwords = passwords.as_array()?;
    passwords.iter().find(|password| password["name"] == name)
}

fn expiry_of(password: &Value) -> Value {
    match password["expiry"].as_str() {
        Some(expiry) => date(expiry).into(),
        None => "Never".into(),
    }
}

fn expiry(token: &Value, name: &str) -> Value {
    let password = find(&token["credentials"]["passwords"], name);
    password.map_or(Value::Null, expiry_of)
}

fn password(made: &Value, name: &str) -> Option<Value> {
    Some(find(&made["passwords"], name)?["value"].clone())
}

fn made_expiry(made: &Value, name: &str) -> Option<Value> {
    Some(expiry_of(find(&made["passwords"], name)?))
}
