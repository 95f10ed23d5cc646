//! What `az` does around the registry commands: signing in, subscriptions, groups, role assignments.

use serde_json::Value;

use super::az;
use super::world::World;

#[test]
fn az_signs_in_and_finds_its_surroundings() {
    let Some(python) = az::python() else {
        return;
    };
    let mut world = World::start(python);
    refuses_a_wrong_secret(&mut world);
    world.log_in();
    world.set_plain();
    shows_the_subscription(&mut world);
    lists_the_groups(&mut world);
    assigns_a_role(&mut world);
}

/// A process of its own and the driver answer alike, so that nothing leaks from line to line.
#[test]
fn the_driver_answers_as_a_fresh_process_does() {
    let Some(python) = az::python() else {
        return;
    };
    let mut world = World::start(python);
    world.log_in();
    world.set_plain();
    for words in [
        &["acr", "list", "-o", "table"][..],
        &["acr", "show", "-n", "nosuchreg"],
        &["acr", "list", "--nonsense"],
    ] {
        let owned: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        let driven = world.az.run(&owned, &[]);
        assert_eq!(driven, world.az.run_afresh(words), "{words:?}");
    }
}

fn refuses_a_wrong_secret(world: &mut World) {
    let [client, tenant] =
        ["clientId", "tenantId"].map(|member| world.server.admin(member).to_owned());
    let words = [
        "login",
        "--service-principal",
        "-u",
        &client,
        "-p",
        "wrong",
        "-t",
        &tenant,
    ];
    let outcome = world.az.run(&words.map(str::to_owned), &[]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.stderr.contains("AADSTS7000215"),
        "{}",
        outcome.stderr
    );
}

fn shows_the_subscription(world: &mut World) {
    let account = json(&world.az.must(&["account", "show"]));
    assert_eq!(account["id"], world.server.admin("subscriptionId"));
    assert_eq!(account["tenantId"], world.server.admin("tenantId"));
    assert_eq!(account["user"]["name"], world.server.admin("clientId"));
    assert_eq!(account["state"], "Enabled");
}

fn lists_the_groups(world: &mut World) {
    let groups = json(&world.az.must(&[
        "group",
        "list",
        "--query",
        "sort_by(@,&name)[].[name,location]",
    ]));
    for group in [["rg1", "eastus"], ["rg2", "westeurope"]] {
        let expected: Value = group.into_iter().collect();
        assert!(
            groups.as_array().is_some_and(|all| all.contains(&expected)),
            "{groups}"
        );
    }
    assert_eq!(
        world.az.must(&["group", "exists", "-n", "nosuch"]).trim(),
        "false"
    );
}

fn assigns_a_role(world: &mut World) {
    let scope = world.az.must(&[
        "acr", "show", "-n", "basicreg", "--query", "id", "-o", "tsv",
    ]);
    let scope = scope.trim();
    let principal = "11111111-2222-3333-4444-555555555555";
    let assigned = json(&world.az.must(&[
        "role",
        "assignment",
        "create",
        "--role",
        "AcrPull",
        "--scope",
        scope,
        "--assignee-object-id",
        principal,
        "--assignee-principal-type",
        "ServicePrincipal",
    ]));
    assert_eq!(assigned["principalId"], principal);
    assert_eq!(assigned["scope"], scope);
    let listed = json(&world.az.must(&[
        "role",
        "assignment",
        "list",
        "--scope",
        scope,
        "--fill-principal-name",
        "false",
        "--query",
        "[].{role:roleDefinitionName,principal:principalId}",
    ]));
    let expected = serde_json::json!({ "role": "AcrPull", "principal": principal });
    assert!(
        listed.as_array().is_some_and(|all| all.contains(&expected)),
        "{listed}"
    );
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}
