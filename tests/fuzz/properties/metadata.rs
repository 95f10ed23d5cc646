//! The JSON of `/acr/v1` and of refusals, and the queries of listings: what was read is written and read again.
//!
//! The first line of the input is a query; the rest is a document.

use std::fmt::Debug;

use acr_api::acr::{
    ChangeableAttributes, DeletedManifestList, DeletedRepositoryList, DeletedTagList,
    ManifestAnswer, ManifestList, PageQuery, RepositoryAttributes, RepositoryDeletion,
    RestoreRequest, TagAnswer, TagList,
};
use acr_api::auth::TokenResponse;
use acr_api::oci::{ErrorBody, RepositoryList};
use serde::de::value::{Error, MapDeserializer};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{first_line, is_fit_for_a_log};

pub fn check(input: &[u8]) {
    let Some((query, document)) = first_line(input) else {
        return;
    };
    page(query);
    is_kept::<ChangeableAttributes>(document);
    is_kept::<RestoreRequest>(document);
    is_kept::<DeletedRepositoryList>(document);
    is_kept::<DeletedManifestList>(document);
    is_kept::<DeletedTagList>(document);
    is_kept::<RepositoryAttributes>(document);
    is_kept::<RepositoryDeletion>(document);
    is_kept::<TagList>(document);
    is_kept::<TagAnswer>(document);
    is_kept::<ManifestList>(document);
    is_kept::<ManifestAnswer>(document);
    is_kept::<RepositoryList>(document);
    is_kept::<ErrorBody>(document);
    is_kept::<TokenResponse>(document);
}

fn is_kept<T: DeserializeOwned + Serialize + PartialEq + Debug>(document: &[u8]) {
    if let Ok(read) = serde_json::from_slice::<T>(document) {
        let written = serde_json::to_vec(&read).unwrap();
        assert_eq!(serde_json::from_slice::<T>(&written).unwrap(), read);
    }
}

fn read_query(query: &str) -> Result<PageQuery, Error> {
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    PageQuery::deserialize(MapDeserializer::new(pairs))
}

/// The address of the next page asks for what this one asked for.
fn page(query: &str) {
    match read_query(query) {
        Ok(page) => {
            let written = page.to_string();
            assert!(
                written.is_ascii() && !written.contains(['<', '>', '"', ' ']),
                "{written}"
            );
            assert_eq!(read_query(&written), Ok(page), "{written}");
        }
        Err(refusal) => is_fit_for_a_log(&refusal),
    }
}
