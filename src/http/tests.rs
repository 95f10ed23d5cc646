//! The client against servers that are slow, rude, large or not to be trusted.

use crate::{Client, ErrorKind, Method, Pause, Pauses, Reason, Retry, Secret, Settings};
use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::{any, get};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

fn client() -> Client {
    Client::new(Settings::default())
}

/// Serves a router and gives its base address under `localhost`.
async fn serve(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://any.name.localhost:{port}")
}

/// Answers every connection with the same bytes, then closes it.
async fn serve_bytes(bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 1024];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(bytes).await;
        }
    });
    format!("http://127.0.0.1:{port}")
}

#[tokio::test]
async fn names_below_localhost_resolve_and_headers_arrive() {
    let url = serve(Router::new().route(
        "/",
        any(|headers: HeaderMap| async move {
            let seen = |name: header::HeaderName| headers[name].to_str().unwrap().to_owned();
            format!(
                "{} {}",
                seen(header::AUTHORIZATION),
                seen(header::USER_AGENT)
            )
        }),
    ))
    .await;
    let request = client().get(&url).bearer(&Secret::new("t0ken"));
    let text = request.send().await.unwrap().text().await.unwrap();
    assert!(text.starts_with("Bearer t0ken acr/"), "{text}");
}

#[tokio::test]
async fn a_post_without_a_body_says_so() {
    let url = serve(Router::new().route(
        "/",
        any(|headers: HeaderMap| async move { format!("{:?}", headers.get("content-length")) }),
    ))
    .await;
    let text = client()
        .post(&url)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(text, r#"Some("0")"#);
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_takes_no_token_elsewhere() {
    let url = serve(Router::new().route(
        "/",
        get(|| async {
            (
                StatusCode::FOUND,
                [(header::LOCATION, "http://127.0.0.1:1/")],
            )
        }),
    ))
    .await;
    let response = client().get(&url).send().await.unwrap();
    assert_eq!(response.status, StatusCode::FOUND);
}

#[tokio::test]
async fn nobody_there_is_a_connect_error_that_names_the_address_without_its_secrets() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let url = format!("http://me:pw@127.0.0.1:{port}/x?sig=abc");
    let request = client().get(&url).retry(Retry::NEVER);
    let error = request.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    let shown = error.to_string();
    assert!(shown.contains(&port.to_string()), "{shown}");
    assert!(!shown.contains("pw") && !shown.contains("abc"), "{shown}");
}

#[tokio::test]
async fn a_server_that_hangs_up_is_an_interruption_and_a_get_is_sent_again() {
    let url = serve_bytes(b"").await;
    let error = client()
        .get(&url)
        .retry(Retry::attempts(2))
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted, "{error}");
    let cut = serve_bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort").await;
    let response = client().get(&cut).send().await.unwrap();
    let error = response.bytes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    let shown = error.to_string();
    assert!(shown.contains("ended it in the middle"), "{shown}");
}

#[tokio::test]
async fn silence_ends_in_a_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let request = client()
        .request(Method::POST, &url)
        .timeout(Duration::from_millis(50));
    assert_eq!(request.send().await.unwrap_err().kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let huge = "x".repeat(70 * 1024 * 1024);
    let url = serve(Router::new().route("/", get(move || async move { huge.clone() }))).await;
    let response = client().get(&url).send().await.unwrap();
    assert_eq!(response.bytes().await.unwrap_err().kind(), ErrorKind::Body);
}

#[tokio::test]
async fn a_bad_header_or_address_is_told_before_anything_is_sent() {
    for request in [
        client().get("http://localhost/").header("x", "a\nb"),
        client()
            .get("http://localhost/")
            .bearer(&Secret::new("a\nb")),
        client().get("no address"),
    ] {
        assert_eq!(request.send().await.unwrap_err().kind(), ErrorKind::Request);
    }
}

#[tokio::test]
async fn a_post_is_not_repeated_after_a_server_error() {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = count.clone();
    let url = serve(Router::new().route(
        "/",
        any(move || async move {
            counter.fetch_add(1, Ordering::SeqCst);
            StatusCode::INTERNAL_SERVER_ERROR
        }),
    ))
    .await;
    assert_eq!(
        client().post(&url).send().await.unwrap().status.as_u16(),
        500
    );
    assert_eq!(count.load(Ordering::SeqCst), 1);
    client()
        .get(&url)
        .retry(Retry::attempts(2))
        .send()
        .await
        .unwrap();
    assert_eq!(count.load(Ordering::SeqCst), 3);
}

/// A TLS server with a certificate of its own, which the returned file holds.
async fn serve_tls() -> (String, tempfile::NamedTempFile) {
    crate::install_crypto();
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let mut request = [0; 1024];
                let _ = stream.read(&mut request).await;
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
                let _ = stream.write_all(answer).await;
                let _ = stream.shutdown().await;
            }
        }
    });
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(cert.pem().as_bytes()).unwrap();
    (format!("https://localhost:{port}"), file)
}

#[tokio::test]
async fn certificates_are_believed_only_if_the_bundle_says_so_or_nobody_looks() {
    let (url, bundle) = serve_tls().await;
    let error = client().get(&url).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls, "{error}");
    let trusting = Client::new(Settings {
        ca_bundle: Some(bundle.path().to_owned()),
        ..Settings::default()
    });
    let text = trusting
        .get(&url)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(text, "ok");
    let blind = Client::new(Settings {
        verify: false,
        ..Settings::default()
    });
    assert!(blind.get(&url).send().await.is_ok());
}

#[tokio::test]
async fn a_bundle_that_is_not_there_is_named() {
    let lost = Client::new(Settings {
        ca_bundle: Some("/nowhere/bundle.pem".into()),
        ..Settings::default()
    });
    let error = lost.get("https://localhost:1/").send().await.unwrap_err();
    assert!(error.to_string().contains("/nowhere/bundle.pem"), "{error}");
}

#[tokio::test]
async fn a_pause_that_a_service_asks_for_is_told() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let url = serve(Router::new().route(
        "/",
        any(|| async move {
            match count.fetch_add(1, Ordering::SeqCst) {
                0 => (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "0")]),
                _ => (StatusCode::OK, [(header::RETRY_AFTER, "9")]),
            }
        }),
    ))
    .await;
    let (sender, told) = std::sync::mpsc::channel();
    let listener = Client::new(Settings {
        pauses: Some(Pauses::to(move |pause: Pause<'_>| {
            let told = (pause.host.to_owned(), pause.reason, pause.length);
            sender.send(told).unwrap();
        })),
        ..Settings::default()
    });
    let answer = listener.get(&url).send().await.unwrap();
    assert_eq!(answer.status, StatusCode::OK);
    let host = url.trim_start_matches("http://").to_owned();
    assert_eq!(
        told.try_iter().collect::<Vec<_>>(),
        [(host, Reason::Asked, Duration::ZERO)]
    );
}

#[tokio::test]
async fn a_server_that_takes_a_connection_and_says_nothing_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let impatient = Client::new(Settings {
        read_timeout: Duration::from_millis(20),
        ..Settings::default()
    });
    let request = || impatient.get(&url).retry(Retry::NEVER);
    for error in [
        request().send().await.unwrap_err(),
        request().send_bulk(None).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        assert!(
            error.to_string().starts_with(&format!("{url}: timed out")),
            "{error}"
        );
    }
}

/// The time is that of the test: silence costs none.
#[tokio::test(start_paused = true)]
async fn silence_is_told_and_ends_after_a_minute() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let (sender, told) = std::sync::mpsc::channel();
    let patient = Client::new(Settings {
        // Without time that passes, a connection would never stand in time.
        connect_timeout: Duration::from_secs(3600),
        pauses: Some(Pauses::to(move |pause: Pause<'_>| {
            sender.send((pause.reason, pause.length)).unwrap();
        })),
        ..Settings::default()
    });
    let begun = tokio::time::Instant::now();
    let error = patient.get(&url).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert!(
        error.to_string().ends_with("no answer within 30 s"),
        "{error}"
    );
    let took = begun.elapsed().as_secs();
    assert!((60..65).contains(&took), "{took}");
    let silence = Reason::Silent(Duration::from_secs(5));
    let expected = vec![(silence, Duration::from_secs(25)); 2];
    assert_eq!(told.try_iter().collect::<Vec<_>>(), expected);
}

/// Takes requests: closes the connection after the first ones, then answers each with `bytes`, if any.
async fn serve_after_losses(losses: usize, bytes: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        for at in 0.. {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 1024]).await;
            match at < losses {
                true => {}
                false if bytes.is_empty() => return,
                false => stream.write_all(bytes).await.unwrap(),
            }
        }
    });
    url
}

#[tokio::test]
async fn a_lost_answer_is_known_to_the_next_one() {
    let gone = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n";
    for (losses, is_lost) in [(0, false), (1, true)] {
        let url = serve_after_losses(losses, gone).await;
        let answer = client().request(Method::DELETE, &url).send().await.unwrap();
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        assert_eq!(answer.follows_lost_answer(), is_lost);
    }
}

#[tokio::test]
async fn a_deletion_whose_answer_was_lost_is_in_doubt_even_if_nobody_is_there_any_more() {
    let doubt = "the deletion may have been carried out";
    let twice = Retry::attempts(2);
    for (method, is_in_doubt) in [(Method::DELETE, true), (Method::GET, false)] {
        // It ends as it has taken a request.
        let url = serve_after_losses(0, b"").await;
        let request = client().request(method, &url).retry(twice);
        let error = request.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
        assert_eq!(error.is_deletion_in_doubt(), is_in_doubt);
        assert_eq!(error.to_string().contains(doubt), is_in_doubt, "{error}");
    }
    let nobody = "http://127.0.0.1:1/";
    let request = client().request(Method::DELETE, nobody).retry(twice);
    assert!(!request.send().await.unwrap_err().is_deletion_in_doubt());
}
