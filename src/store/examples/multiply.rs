//! Fills a SQLite store for measurements: `multiply FILE COLLECTION COUNT` writes copies of the first document of a
//! collection, under its key with numbers behind it. No server may have the file open.

use std::error::Error;

use acr_store::{Batch, Meta, Scan, Target};
use serde_json::value::RawValue;

/// Documents of one transaction.
const BATCH: u32 = 2_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, collection, count] = arguments.as_slice() else {
        return Err("usage: multiply FILE COLLECTION COUNT".into());
    };
    let count: u32 = count.parse()?;
    let meta = Meta::open(&Target::Sqlite(file.into())).await?;
    let first = Scan {
        collection,
        prefix: "",
        after: None,
        limit: 1,
    };
    let pattern = meta.scan(first).await?.pop().ok_or("it is empty")?;
    let body: &RawValue = serde_json::from_str(&pattern.body)?;
    for begin in (0..count).step_by(BATCH as usize) {
        let numbers = begin..count.min(begin + BATCH);
        let batch = numbers.fold(Batch::new(), |batch, number| {
            batch.put(collection, &format!("{}{number:07}", pattern.key), &body)
        });
        meta.commit(batch).await?;
    }
    meta.close().await;
    Ok(())
}
