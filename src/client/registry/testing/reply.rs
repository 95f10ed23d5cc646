//! How the fake answers who was let in.

use super::fake::{Fake, Inner, name};
use crate::registry::Hasher;
use acr_api::oci::{Algorithm, Digest};
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::response::Builder;
use axum::http::{Method, Response};
use futures_util::{StreamExt, stream};
use std::io;

type Answer = Response<Body>;

pub(super) async fn answer(fake: &Fake, request: Request) -> Answer {
    let path = request.uri().path().to_owned();
    let query: Vec<(String, String)> =
        url::form_urlencoded::parse(request.uri().query().unwrap_or("").as_bytes())
            .into_owned()
            .collect();
    if path == "/v2/" {
        return status(200).body("{}".into()).unwrap();
    }
    if let Some(digest) = path.strip_prefix("/storage/") {
        return get_blob(fake, &digest.parse().unwrap(), &request);
    }
    let Some(rest) = path.strip_prefix("/v2/") else {
        return refuse(404, "UNKNOWN");
    };
    if let Some((repository, rest)) = rest.split_once("/blobs/uploads/") {
        return upload(fake, repository, rest, &query, request).await;
    }
    if let Some((repository, digest)) = rest.split_once("/blobs/") {
        return blob(fake, repository, digest, request);
    }
    if let Some((repository, reference)) = rest.split_once("/manifests/") {
        return manifest(fake, repository, reference, request).await;
    }
    if let Some((repository, subject)) = rest.split_once("/referrers/") {
        return referrers(&fake.with(), repository, subject);
    }
    refuse(404, "UNKNOWN")
}

fn status(code: u16) -> Builder {
    Response::builder().status(code)
}

fn empty(builder: Builder) -> Answer {
    builder.body(Body::empty()).unwrap()
}

fn refuse(code: u16, word: &str) -> Answer {
    let body = format!(r#"{{"errors":[{{"code":"{word}","message":"the fake says no"}}]}}"#);
    status(code)
        .header("x-ms-correlation-request-id", "fake-id")
        .body(body.into())
        .unwrap()
}

fn throttle(fake: &Fake) -> Option<Answer> {
    let mut inner = fake.with();
    if inner.faults.throttled == 0 {
        return None;
    }
    inner.faults.throttled -= 1;
    Some(empty(status(429).header("retry-after", "0")))
}

fn blob(fake: &Fake, repository: &str, digest: &str, request: Request) -> Answer {
    let Ok(digest) = digest.parse() else {
        return refuse(400, "DIGEST_INVALID");
    };
    if !fake.has_blob(repository, &digest) {
        return refuse(404, "BLOB_UNKNOWN");
    }
    let storage = fake.with().faults.storage.clone();
    match *request.method() {
        Method::HEAD => {
            let length = fake.blob(&digest).len();
            empty(status(200).header("content-length", length))
        }
        Method::GET => match storage {
            Some(base) => empty(status(307).header("location", format!("{base}/storage/{digest}"))),
            None => throttle(fake).unwrap_or_else(|| get_blob(fake, &digest, &request)),
        },
        Method::DELETE => {
            fake.with().links.remove(&(repository.to_owned(), digest));
            empty(status(202))
        }
        _ => refuse(405, "UNSUPPORTED"),
    }
}

fn get_blob(fake: &Fake, digest: &Digest, request: &Request) -> Answer {
    let mut bytes = fake.blob(digest);
    let mut inner = fake.with();
    let total = bytes.len();
    if inner.faults.lies {
        bytes[total / 2] ^= 1;
    }
    let range = request.headers().get("range");
    let start: Option<usize> = range
        .filter(|_| !inner.faults.ignores_ranges)
        .map(|range| range.to_str().unwrap())
        .and_then(|range| {
            range
                .strip_prefix("bytes=")?
                .strip_suffix('-')?
                .parse()
                .ok()
        });
    let part = bytes.split_off(start.unwrap_or(0));
    let mut answer = match start {
        Some(start) => {
            let range = format!("bytes {start}-{}/{total}", total - 1);
            status(206).header("content-range", range)
        }
        None => status(200),
    };
    answer = answer.header("content-length", part.len());
    if inner.faults.cut_downloads == 0 {
        return answer.body(part.into()).unwrap();
    }
    inner.faults.cut_downloads -= 1;
    let half = Bytes::copy_from_slice(&part[..part.len() / 2]);
    // What is written leaves only when the stream rests.
    let end = stream::once(async {
        tokio::task::yield_now().await;
        Err(io::Error::other("cut"))
    });
    let pieces = stream::iter([Ok(half)]).chain(end);
    answer.body(Body::from_stream(pieces)).unwrap()
}

async fn upload(
    fake: &Fake,
    repository: &str,
    rest: &str,
    query: &[(String, String)],
    request: Request,
) -> Answer {
    let get = |name: &str| {
        query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, v)| v.clone())
    };
    if request.method() == Method::POST {
        return begin(fake, repository, get("mount"), get("from"));
    }
    let id: u64 = rest.parse().unwrap();
    if !fake.with().uploads.contains_key(&id) {
        return refuse(404, "BLOB_UPLOAD_UNKNOWN");
    }
    if request.method() == Method::GET {
        return place(fake, repository, id, 204);
    }
    if let Some(answer) = throttle(fake) {
        return answer;
    }
    let method = request.method().clone();
    if let Err(answer) = receive(fake, id, request).await {
        return answer;
    }
    if method == Method::PATCH {
        return place(fake, repository, id, 202);
    }
    let expected: Digest = get("digest").unwrap().parse().unwrap();
    let mut inner = fake.with();
    let bytes = inner.uploads.remove(&id).unwrap();
    let actual = Hasher::digest(expected.algorithm(), &bytes);
    if actual != expected {
        return refuse(400, "DIGEST_INVALID");
    }
    inner.blobs.insert(expected, bytes);
    inner.links.insert((repository.to_owned(), expected));
    let told = match inner.faults.misnames {
        true => Hasher::digest(Algorithm::Sha256, b"something else"),
        false => expected,
    };
    empty(status(201).header("docker-content-digest", told.to_string()))
}

fn begin(fake: &Fake, repository: &str, mount: Option<String>, from: Option<String>) -> Answer {
    let mut inner = fake.with();
    if let (Some(mount), Some(from)) = (mount, from) {
        let digest: Digest = mount.parse().unwrap();
        if !inner.faults.cannot_mount && inner.links.contains(&(from, digest)) {
            inner.links.insert((repository.to_owned(), digest));
            return empty(status(201));
        }
    }
    inner.last_upload += 1;
    let id = inner.last_upload;
    inner.uploads.insert(id, Vec::new());
    drop(inner);
    place(fake, repository, id, 202)
}

fn place(fake: &Fake, repository: &str, id: u64, code: u16) -> Answer {
    let inner = fake.with();
    let base = inner.faults.uploads_at.clone().unwrap_or_default();
    let have = inner.uploads[&id].len().saturating_sub(1);
    empty(
        status(code)
            .header(
                "location",
                format!("{base}/v2/{repository}/blobs/uploads/{id}?_state=a%3D"),
            )
            .header("range", format!("0-{have}")),
    )
}

/// Takes the body, unless it is too large, out of place or about to break.
async fn receive(fake: &Fake, id: u64, request: Request) -> Result<(), Answer> {
    let (length, start) = {
        let header = |name: &str| request.headers().get(name).map(|v| v.to_str().unwrap());
        let length: usize = header("content-length").unwrap_or("0").parse().unwrap();
        let start = header("content-range").and_then(|range| range.split_once('-'));
        (
            length,
            start.map(|(start, _)| start.parse::<usize>().unwrap()),
        )
    };
    let is_cut = {
        let mut inner = fake.with();
        if inner.faults.limit.is_some_and(|limit| length > limit) {
            return Err(refuse(413, "SIZE_INVALID"));
        }
        if start.is_some_and(|start| start != inner.uploads[&id].len()) {
            return Err(refuse(416, "RANGE_INVALID"));
        }
        let is_cut = length > 1 && inner.faults.cut_uploads > 0;
        inner.faults.cut_uploads -= u32::from(is_cut);
        is_cut
    };
    let mut taken = 0;
    let mut body = request.into_body().into_data_stream();
    while let Some(piece) = body.next().await {
        let piece = piece.unwrap();
        taken += piece.len();
        let stalls = {
            let mut inner = fake.with();
            let kept = inner.uploads.get_mut(&id).unwrap();
            kept.extend_from_slice(&piece);
            inner.received += piece.len();
            inner.faults.stalls_uploads && taken >= length / 2
        };
        if stalls {
            fake.stall().await;
        }
        if is_cut && taken >= length / 2 {
            if fake.with().faults.forgets {
                fake.with().uploads.remove(&id);
            }
            // Ends the connection without an answer, and without a word on stderr.
            std::panic::resume_unwind(Box::new("cut"));
        }
    }
    Ok(())
}

async fn manifest(fake: &Fake, repository: &str, reference: &str, request: Request) -> Answer {
    let key = (repository.to_owned(), reference.to_owned());
    let method = request.method().clone();
    match method {
        Method::GET | Method::HEAD => {
            let kept = fake.with().manifests.get(&key).cloned();
            let Some((kind, bytes)) = kept else {
                return refuse(404, "MANIFEST_UNKNOWN");
            };
            let digest = Hasher::digest(Algorithm::Sha256, &bytes);
            let answer = status(200)
                .header("content-type", kind)
                .header("content-length", bytes.len())
                .header("docker-content-digest", digest.to_string());
            match method {
                Method::HEAD => empty(answer),
                _ => answer.body(bytes.into()).unwrap(),
            }
        }
        Method::PUT => {
            let kind = request.headers()["content-type"]
                .to_str()
                .unwrap()
                .to_owned();
            let body = axum::body::to_bytes(request.into_body(), 1 << 23)
                .await
                .unwrap();
            let digest = Hasher::digest(Algorithm::Sha256, &body);
            let parsed: serde_json::Value = serde_json::from_slice(&body).unwrap();
            let mut answer = status(201).header("docker-content-digest", digest.to_string());
            let mut inner = fake.with();
            if let Some(subject) = parsed["subject"]["digest"].as_str()
                && !inner.faults.has_no_referrers
            {
                answer = answer.header("oci-subject", subject);
            }
            for reference in [reference.to_owned(), digest.to_string()] {
                let key = (name(repository).to_string(), reference);
                inner.manifests.insert(key, (kind.clone(), body.to_vec()));
            }
            empty(answer)
        }
        Method::DELETE => match fake.with().manifests.remove(&key) {
            Some(_) => empty(status(202)),
            None => refuse(404, "MANIFEST_UNKNOWN"),
        },
        _ => refuse(405, "UNSUPPORTED"),
    }
}

fn referrers(inner: &Inner, repository: &str, subject: &str) -> Answer {
    if inner.faults.has_no_referrers {
        return refuse(404, "UNSUPPORTED");
    }
    let mut found = Vec::new();
    for ((in_repository, reference), (kind, bytes)) in &inner.manifests {
        let body: serde_json::Value = serde_json::from_slice(bytes).unwrap();
        let is_meant = in_repository == repository && reference.contains(':');
        if is_meant && body["subject"]["digest"] == subject {
            found.push(serde_json::json!({
                "mediaType": kind, "digest": reference, "size": bytes.len(),
                "artifactType": body["artifactType"],
            }));
        }
    }
    let index = serde_json::json!({"schemaVersion": 2, "manifests": found});
    status(200)
        .header("content-type", "application/vnd.oci.image.index.v1+json")
        .body(index.to_string().into())
        .unwrap()
}
