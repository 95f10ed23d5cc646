//! `acr quickstart`: what README promises to a newcomer.

use crate::process::Client;

#[test]
fn shows_a_registry_at_work_twice_and_leaves_nothing() {
    let home = tempfile::tempdir().unwrap();
    let newcomer = Client::without_context(home.path());
    for _ in 0..2 {
        let story = newcomer.must(&["quickstart"]);
        for part in [
            "$ acr create",
            "$ acr push",
            "$ acr repository list",
            "$ acr repository show-tags",
            "$ acr pull",
            "held against its digest",
            "$ acr show-usage",
            "quickstart.localhost:",
            "Standard",
            "107374182400",
            "acr serve --detach",
        ] {
            assert!(story.contains(part), "{part} is missing:\n{story}");
        }
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
    }
}
