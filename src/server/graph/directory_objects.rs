//! `/v1.0/directoryObjects/getByIds`

use axum::{extract::State, http::StatusCode, response::Response};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use super::{asker::Reader, users};
use crate::{
    app::App,
    domain::{Error, directory, resource::decode},
    http::{answer, extract},
};

const MOST_IDS: usize = 1000;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Given {
    ids: Vec<String>,
}

pub(super) async fn by_ids(
    State(app): State<App>,
    _: Reader,
    body: Bytes,
) -> Result<Response, Error> {
    let given: Given = decode(extract::json(&body)?)?;
    if given.ids.len() > MOST_IDS {
        return Err(Error::invalid(
            "Request_BadRequest",
            format!("At most {MOST_IDS} ids can be asked for at once."),
        ));
    }
    let mut found = Vec::new();
    for id in &given.ids {
        if let Some(principal) = directory::find_principal(&app, id).await? {
            found.push(users::any(&app, &principal));
        }
    }
    Ok(answer::json(StatusCode::OK, &json!({"value": found})))
}
