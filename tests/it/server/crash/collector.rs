//! Garbage collection over and over, one after the other.

use super::super::connection::Connection;
use acr_http::{Method, Retry};
use std::time::Duration;

/// Between two looks at a collection, and between two collections: what is left of the machine is the clients'.
const PAUSE: Duration = Duration::from_millis(10);

/// How many collections there were.
#[derive(Debug, Default)]
pub(super) struct Collections {
    pub(super) begun: usize,
    pub(super) ended: usize,
}

impl Collections {
    /// Collects until the server is gone.
    pub(super) async fn add(mut self, connection: Connection) -> Self {
        while self.add_one(&connection).await.is_ok() {
            tokio::time::sleep(PAUSE).await;
        }
        self
    }

    async fn add_one(&mut self, connection: &Connection) -> Result<(), acr_http::Error> {
        let path = connection.provider("garbageCollections");
        let mut answer = connection.request(Method::POST, &path).send().await?;
        assert_eq!(answer.status.as_u16(), 202, "{path}");
        self.begun += 1;
        let place = answer.header("location");
        let place = place.expect("it can be followed").to_owned();
        while answer.status.as_u16() == 202 {
            tokio::time::sleep(PAUSE).await;
            let look = connection.http().get(&place).bearer(connection.token());
            answer = look.retry(Retry::NEVER).send().await?;
        }
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text().await?);
        self.ended += 1;
        Ok(())
    }
}
