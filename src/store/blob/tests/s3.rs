//! S3, as another implementation of its server speaks it.

use url::Url;

use crate::blob::{Blobs, Error, Key, Remote, Target};

use super::conformance::conforms;
use super::emulator::{Emulator, Program};
use super::fixture::{Stores, content, write_as};

const MOTO: Program = Program {
    name: "moto's S3 server",
    variable: "ACR_MOTO_SERVER",
    required: "ACR_REQUIRE_S3",
    cached: "moto/bin/moto_server",
    arguments: &["-H", "127.0.0.1", "-p", "0"],
};

impl Emulator {
    fn s3(&self, url: &str) -> Target {
        let settings = [
            ("AWS_ENDPOINT", format!("http://{}", self.address)),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", "test".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "hunter2".to_owned()),
            ("UNRELATED", "setting".to_owned()),
        ];
        let settings = settings.map(|(name, value)| (name.to_owned(), value));
        Target::S3(Remote::new(Url::parse(url).unwrap(), settings).unwrap())
    }
}

struct Bucket(Emulator);

impl Stores for Bucket {
    fn target(&self, name: &str) -> Target {
        self.0.s3(&format!("s3://bucket/some/{name}"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn s3() {
    let Some(emulator) = MOTO.start_or_skip("the S3 suite") else {
        return;
    };
    let absent = Blobs::open(&emulator.s3("s3://absent")).await.unwrap();
    let error = absent.health().await.unwrap_err();
    let reason = "it answered 404 Not Found NoSuchBucket".to_owned();
    assert_eq!(
        error,
        Error::Unavailable {
            reason: reason.clone()
        }
    );
    let error = write_as(&absent, &Key::random(), &content(1, 9)).await;
    assert_eq!(error, Err(Error::Unavailable { reason }));
    emulator.put("/bucket", "");
    conforms(&Bucket(emulator)).await;
}
