//! Azure Blob Storage, as Microsoft's emulator speaks it.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use crate::blob::{Blobs, Error, Remote, Target};

use super::conformance::conforms;
use super::emulator::{Emulator, Program};
use super::fixture::Stores;

const AZURITE: Program = Program {
    name: "azurite",
    variable: "ACR_AZURITE",
    required: "ACR_REQUIRE_AZURITE",
    cached: "azurite/node_modules/.bin/azurite-blob",
    arguments: &[
        "--blobHost",
        "127.0.0.1",
        "--blobPort",
        "0",
        "--inMemoryPersistence",
        "--skipApiVersionCheck",
        "--disableTelemetry",
    ],
};

/// The account every such emulator has, by documentation.
const ACCOUNT: &str = "devstoreaccount1";
const KEY: &str =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const WRONG_KEY: &str = "aHVudGVyMg==";

impl Emulator {
    fn azure(&self, url: &str, key: &str) -> Target {
        let settings = [
            (
                "AZURE_STORAGE_ENDPOINT",
                format!("http://{}/{ACCOUNT}", self.address),
            ),
            ("AZURE_STORAGE_ACCOUNT_NAME", ACCOUNT.to_owned()),
            ("AZURE_STORAGE_ACCOUNT_KEY", key.to_owned()),
        ];
        let settings = settings.map(|(name, value)| (name.to_owned(), value));
        Target::Azure(Remote::new(Url::parse(url).unwrap(), settings).unwrap())
    }

    /// <https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key>
    fn create_container(&self, name: &str) {
        let headers = "x-ms-date:Sat, 21 Nov 2026 00:00:00 GMT\nx-ms-version:2021-08-06\n";
        let signed = format!(
            "PUT{}{headers}/{ACCOUNT}/{ACCOUNT}/{name}\nrestype:container",
            "\n".repeat(12)
        );
        let key = hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(KEY).unwrap());
        let signature = STANDARD.encode(hmac::sign(&key, signed.as_bytes()));
        let headers = headers.replace('\n', "\r\n");
        self.put(
            &format!("/{ACCOUNT}/{name}?restype=container"),
            &format!("{headers}authorization: SharedKey {ACCOUNT}:{signature}\r\n"),
        );
    }
}

struct Container(Emulator);

impl Stores for Container {
    fn target(&self, name: &str) -> Target {
        self.0.azure(&format!("az://container/some/{name}"), KEY)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn azure() {
    let Some(emulator) = AZURITE.start_or_skip("the Azure Blob suite") else {
        return;
    };
    let absent = emulator.azure("az://absent", KEY);
    let error = Blobs::open(&absent).await.unwrap().health().await;
    let reason = "it answered 404 Not Found ContainerNotFound".to_owned();
    assert_eq!(error, Err(Error::Unavailable { reason }));
    emulator.create_container("container");
    let stranger = emulator.azure("az://container", WRONG_KEY);
    let error = Blobs::open(&stranger).await.unwrap().health().await;
    assert!(matches!(error, Err(Error::Denied { .. })), "{error:?}");
    conforms(&Container(emulator)).await;
}
