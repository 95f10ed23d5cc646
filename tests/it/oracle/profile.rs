//! Our command line on what the real `az login` left behind: profile, cloud, token cache, settings.

use super::az;
use super::line::{Line, line};
use super::mask::mask;
use super::sweep::observations;
use super::world::World;

#[test]
fn the_token_that_az_cached_is_used() {
    let Some(observations) = observations() else {
        return;
    };
    for observation in observations {
        assert_eq!(
            observation.profile.tokens, 0,
            "acr {} asked for a token that az had cached",
            observation.line.text
        );
    }
}

#[test]
fn defaults_that_az_configured_are_ours_too() {
    let Some(python) = az::python() else {
        return;
    };
    let mut world = World::start(python);
    world.log_in();
    world.az.must(&[
        "configure",
        "--defaults",
        "acr=stdreg",
        "group=rg2",
        "location=westus",
    ]);
    let client = world.with_profile();
    for line in [
        line("show"),
        line("create -n newreg --sku Basic --query [name,location]"),
        line("list -o table"),
    ] {
        expect_alike(&mut world, &client, &line);
    }
    world.az.must(&["config", "set", "core.output=tsv"]);
    expect_alike(&mut world, &client, &line("list"));
    expect_alike(&mut world, &client, &line("list -o json"));
}

#[test]
fn without_a_login_we_say_so_as_az_does() {
    let Some(python) = az::python() else {
        return;
    };
    let mut world = World::start(python);
    let line = line("list");
    let az = world.run_az(&line);
    let client = world.with_profile();
    let ours = world.run_acr(&client, &line);
    assert_eq!(az.outcome.code, 1);
    assert_eq!(
        ours.outcome.code, az.outcome.code,
        "{}",
        ours.outcome.stderr
    );
    assert!(
        ours.outcome.stderr.contains("az login"),
        "{}",
        ours.outcome.stderr
    );
    assert_eq!(ours.outcome.stdout, "");
}

fn expect_alike(world: &mut World, client: &super::client::Client, line: &Line) {
    let az = world.run_az(line);
    let ours = world.run_acr(client, line);
    assert_eq!(
        ours.outcome.code, az.outcome.code,
        "{}: {}",
        line.text, ours.outcome.stderr
    );
    assert_eq!(ours.requests, az.requests, "{}", line.text);
    assert_eq!(
        mask(&ours.outcome.stdout),
        mask(&az.outcome.stdout),
        "{}",
        line.text
    );
}
