//! Images as archives: taken out of an engine, and put into it.

use super::{Engine, Error};
use crate::registry::{Content, FileSlice};
use acr_http::{Method, StatusCode, Upload};
use bytes::Bytes;
use serde_json::Value;
use std::io::{self, Write};
use std::path::Path;
use tempfile::NamedTempFile;
use tokio::sync::mpsc;

/// So many pieces wait at most for the disk.
const MOST_WAITING: usize = 8;
/// What an engine says of its work is longer only if it means harm.
const LONGEST_REPORT_BYTES: usize = 1024 * 1024;

impl Engine {
    /// Whether the engine has an image of this name.
    pub async fn has(&self, image: &str) -> Result<bool, Error> {
        let answer = self
            .http
            .get(&self.url(&path(image, "json")))
            .send()
            .await?;
        match answer.status {
            StatusCode::OK => Ok(true),
            StatusCode::NOT_FOUND => Ok(false),
            _ => Err(self.refused(&format!("look for {image}"), answer).await),
        }
    }

    /// Takes an image out of the engine, into a temporary file. `tell` gets the bytes that are here.
    pub async fn save(&self, image: &str, tell: impl Fn(u64)) -> Result<NamedTempFile, Error> {
        let request = self
            .http
            .request(Method::GET, &self.url(&path(image, "get")));
        let mut answer = request.send_bulk(None).await?;
        match answer.status {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => {
                return Err(Error::NoImage {
                    place: self.place.clone(),
                    image: image.to_owned(),
                });
            }
            _ => return Err(self.refused(&format!("save {image}"), answer).await),
        }
        let (sender, receiver) = mpsc::channel(MOST_WAITING);
        let writing = tokio::task::spawn_blocking(move || write(receiver));
        let mut here = 0;
        while let Some(piece) = answer.chunk().await? {
            here += piece.len() as u64;
            if sender.send(piece).await.is_err() {
                // The thread has ended with an error, which is told below.
                break;
            }
            tell(here);
        }
        drop(sender);
        let written = match writing.await {
            Ok(written) => written,
            Err(error) => Err(io::Error::other(error)),
        };
        written.map_err(|source| Error::File {
            place: "the temporary copy of the image".to_owned(),
            source,
        })
    }

    /// Puts the images of an archive into the engine.
    pub async fn load(&self, archive: &Path) -> Result<(), Error> {
        let content = FileSlice::open(archive).map_err(|source| Error::File {
            place: archive.display().to_string(),
            source,
        })?;
        let upload = Upload::new(content.size(), content.read(0..content.size()));
        let mut answer = self
            .http
            .request(Method::POST, &self.url("/images/load?quiet=1"))
            .header("content-type", "application/x-tar")
            .send_bulk(Some(upload))
            .await?;
        let doing = "load the image";
        if !answer.status.is_success() {
            return Err(self.refused(doing, answer).await);
        }
        let mut report = Vec::new();
        while let Some(piece) = answer.chunk().await? {
            report.extend_from_slice(&piece);
            if report.len() > LONGEST_REPORT_BYTES {
                return Err(self.refusal(doing, "its report has no end"));
            }
        }
        match complaint(&report) {
            Some(said) => Err(self.refusal(doing, &said)),
            None => Ok(()),
        }
    }
}

fn write(mut receiver: mpsc::Receiver<Bytes>) -> io::Result<NamedTempFile> {
    let mut file = NamedTempFile::new()?;
    while let Some(piece) = receiver.blocking_recv() {
        file.write_all(&piece)?;
    }
    Ok(file)
}

/// The path of an image; its slashes and colons are part of it.
fn path(image: &str, what: &str) -> String {
    let mut name = String::new();
    for byte in image.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => name.push(byte.into()),
            b'/' | b':' | b'.' | b'-' | b'_' | b'@' => name.push(byte.into()),
            other => name.push_str(&format!("%{other:02X}")),
        }
    }
    format!("/images/{name}/{what}")
}

/// An engine that fails half-way says so in a line of its report, under a status that means success.
fn complaint(report: &[u8]) -> Option<String> {
    let lines = serde_json::Deserializer::from_slice(report).into_iter::<Value>();
    lines
        .filter_map(Result::ok)
        .find_map(|line| line["error"].as_str().map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::{complaint, path};

    #[test]
    fn names_are_paths_and_nothing_else() {
        assert_eq!(
            path("foo.azurecr.io/team/app:v1", "get"),
            "/images/foo.azurecr.io/team/app:v1/get"
        );
        assert_eq!(path("a?b#c d", "json"), "/images/a%3Fb%23c%20d/json");
    }

    #[test]
    fn a_complaint_is_found_among_the_lines() {
        let report = br#"{"stream":"Loading"}
{"errorDetail":{"message":"no space"},"error":"no space"}"#;
        assert_eq!(complaint(report).as_deref(), Some("no space"));
        assert_eq!(complaint(br#"{"stream":"Loaded image: a"}"#), None);
        assert_eq!(complaint(b"Loaded image: a"), None);
    }
}
