//! Requests exactly as they are written, over a socket of their own, and answers exactly as they come.

use serde_json::Value;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than any answer takes, so that a test that waits for one in vain ends.
const PATIENCE: Duration = Duration::from_secs(60);

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// Sends one request and reads its answer to the end of the connection.
pub(super) fn send(
    server: SocketAddr,
    (method, target): (&str, &str),
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let mut head = format!("{method} {target} HTTP/1.1\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    let says_length = |(name, _): &(&str, &str)| {
        ["content-length", "transfer-encoding"].contains(&name.to_ascii_lowercase().as_str())
    };
    if !headers.iter().any(says_length) {
        head.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    let mut stream = TcpStream::connect(server).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    // A refusal may come, and the connection end, before the whole body is sent.
    let _ = stream.write_all(body);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    Answer::read(&bytes, method == "HEAD").unwrap_or_else(|| panic!("{method} {target}: no answer"))
}

impl Answer {
    fn read(bytes: &[u8], is_head: bool) -> Option<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = str::from_utf8(&bytes[..end]).ok()?;
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers = lines.map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim().to_owned()))
        });
        let answer = Self {
            status,
            headers: headers.collect::<Option<_>>()?,
            body: bytes[end + 4..].to_vec(),
        };
        let length = answer.header("content-length");
        let length = length.and_then(|length| length.parse::<usize>().ok());
        let is_without_body = is_head || [204, 304].contains(&status);
        let expected = if is_without_body { Some(0) } else { length };
        (expected == Some(answer.body.len())).then_some(answer)
    }

    /// The first header of this name; empty if there is none.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(known, _)| known == name);
        found.next().map(|(_, value)| value.as_str())
    }

    /// A header that must be there.
    #[track_caller]
    pub(super) fn need(&self, name: &str) -> &str {
        self.header(name)
            .unwrap_or_else(|| panic!("{name} is missing: {self:?}"))
    }

    /// The values of a header that is a list, over all its lines.
    pub(super) fn list(&self, name: &str) -> Vec<&str> {
        let lines = self.headers.iter().filter(|(known, _)| known == name);
        lines
            .flat_map(|(_, value)| value.split(','))
            .map(str::trim)
            .collect()
    }

    #[track_caller]
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The code of a refusal, whose body has the form that section "Error Codes" gives.
    #[track_caller]
    pub(super) fn code(&self) -> String {
        let body = self.json();
        let errors = body["errors"].as_array().expect("a list of errors");
        let code = errors.first().and_then(|error| error["code"].as_str());
        code.expect("an error has a code").to_owned()
    }

    /// That the status is this one.
    #[track_caller]
    pub(super) fn is(self, status: u16) -> Self {
        let text = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "{text} {:?}", self.headers);
        self
    }
}
