//! For one command line, `az` and we send the same requests.

use super::line::Line;
use super::recorded::Recorded;
use super::sweep::{expect_none, observations};

#[test]
fn every_line_sends_what_az_sends() {
    let Some(observations) = observations() else {
        return;
    };
    let mut differences = Vec::new();
    for observation in observations {
        let line = observation.line;
        let expected = comparable(line, &observation.az.requests);
        for (way, run) in observation.ours() {
            let mut ours = comparable(line, &run.requests);
            if line.az_breaks_off.is_some() {
                ours.truncate(expected.len());
            }
            if ours != expected {
                let (text, expected, ours) = (line.text, listed(&expected), listed(&ours));
                differences.push(format!(
                    "acr {text} ({way})\n az sent{expected}\n we sent{ours}"
                ));
            }
        }
    }
    expect_none(&differences);
}

/// The requests that have to be alike: all, or those that change something.
fn comparable<'a>(line: &Line, requests: &'a [Recorded]) -> Vec<&'a Recorded> {
    let is_comparable = |request: &&Recorded| line.reads_differ.is_none() || request.is_change();
    let mut comparable: Vec<&Recorded> = requests.iter().filter(is_comparable).collect();
    // How often the end of an operation is asked for is a matter of time.
    comparable.dedup_by(|one, before| one.is_poll() && one == before);
    comparable
}

#[test]
fn what_we_refuse_is_refused_before_anything_is_changed() {
    let Some(observations) = observations() else {
        return;
    };
    let refused = observations
        .iter()
        .filter(|one| one.line.we_refuse.is_some());
    let mut differences = Vec::new();
    for observation in refused {
        for run in [&observation.profile, &observation.context] {
            let outcome = &run.outcome;
            let is_refusal = outcome.code != 0
                && outcome.stdout.is_empty()
                && outcome.stderr.contains("ERROR: ")
                && !run.requests.iter().any(Recorded::is_change);
            if !is_refusal {
                differences.push(format!("acr {}: {outcome:?}", observation.line.text));
            }
        }
    }
    expect_none(&differences);
}

fn listed(requests: &[&Recorded]) -> String {
    if requests.is_empty() {
        return " nothing".to_owned();
    }
    requests
        .iter()
        .map(|request| format!("\n   {request}"))
        .collect()
}

/// What `az` would send after the point where it crashes is known from its code, not from a recording.
#[test]
fn logs_are_sent_to_the_workspace_although_az_crashes_before_it_says_so() {
    let Some(observations) = observations() else {
        return;
    };
    let mut seen = 0;
    for observation in observations
        .iter()
        .filter(|one| one.line.text.contains("--workspace"))
    {
        let last = observation.profile.requests.last().expect("requests");
        let end = "/providers/microsoft.insights/diagnosticSettings/newreg-diagnostic-settings";
        assert_eq!(
            observation.profile.outcome.code, 0,
            "{}",
            observation.profile.outcome.stderr
        );
        assert_eq!(last.method, "PUT");
        assert!(last.path.ends_with(end), "{last}");
        seen += 1;
    }
    assert_ne!(seen, 0);
}
