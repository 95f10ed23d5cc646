//! Lists: pages, filters, the generic list.

use serde_json::{Value, json};

use crate::{domain::resource::PAGE_SIZE, testing::Server};

async fn follow(server: &Server, path: &str) -> Vec<Vec<Value>> {
    let mut pages = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        let page = server.arm("GET", &path, None).await.json();
        pages.push(page["value"].as_array().unwrap().clone());
        next = page["nextLink"].as_str().map(|link| {
            link.strip_prefix("https://localhost:5480")
                .unwrap()
                .to_owned()
        });
    }
    pages
}

/// Puts registries into the store without the cost of 1,002 requests.
async fn fill(server: &Server, count: u32) {
    let model = server.create("model", "Basic", json!({})).await;
    let mut batch = acr_store::Batch::new();
    for number in 0..count {
        let (name, id) = (
            format!("many{number:04}"),
            server.registry(&format!("many{number:04}")),
        );
        let mut body = model.clone();
        body["name"] = json!(name);
        body["id"] = json!(id);
        batch = batch.insert(
            "resource/microsoft.containerregistry/registries",
            &id.to_lowercase(),
            &body,
        );
    }
    server.app.meta().commit(batch).await.unwrap();
}

#[tokio::test]
async fn long_lists_come_in_pages_without_gaps() {
    let server = Server::start().await;
    fill(&server, PAGE_SIZE + 1).await;
    let subscription = server.subscription();
    for path in [
        format!("{subscription}/providers/Microsoft.ContainerRegistry/registries"),
        format!(
            "{}/providers/Microsoft.ContainerRegistry/registries",
            server.group()
        ),
        format!(
            "{subscription}/resources?$filter=resourceType%20eq%20'Microsoft.ContainerRegistry/registries'"
        ),
        format!("{}/resources", server.group()),
    ] {
        let pages = follow(&server, &path).await;
        let sizes: Vec<usize> = pages.iter().map(Vec::len).collect();
        assert_eq!(sizes, [PAGE_SIZE as usize, 2], "{path}");
        let names: std::collections::BTreeSet<String> = pages
            .concat()
            .iter()
            .map(|row| row["name"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(names.len(), PAGE_SIZE as usize + 2);
    }
}

#[tokio::test]
async fn the_generic_list_shows_the_envelope() {
    let server = Server::start().await;
    let registry = server.create("listed1", "Basic", json!({})).await;
    server.create("listed2", "Basic", json!({})).await;
    let path = format!(
        "{}/resources?$filter=resourceType%20eq%20'microsoft.containerregistry/REGISTRIES'%20and%20name%20eq%20'LISTED1'",
        server.subscription()
    );
    let list = server.arm("GET", &path, None).await.json();
    let mut expected = registry.clone();
    expected.as_object_mut().unwrap().remove("properties");
    expected["systemData"]["createdAt"] = json!("2026-09-10T09:00:00Z");
    expected["systemData"]["lastModifiedAt"] = json!("2026-09-10T09:00:00Z");
    assert_eq!(list, json!({"value": [expected]}));
    for (filter, count) in [
        ("substringof('sted', name)", 2),
        ("name eq 'nothing'", 0),
        ("resourceType eq 'Microsoft.Storage/storageAccounts'", 0),
        ("resourceGroup eq 'default' and location eq 'eastus'", 2),
        ("tagName eq 'a'", 0),
    ] {
        let filter: String = url::form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        let list = server
            .arm(
                "GET",
                &format!("{}/resources?$filter={filter}", server.subscription()),
                None,
            )
            .await
            .json();
        assert_eq!(list["value"].as_array().unwrap().len(), count, "{filter}");
    }
}
