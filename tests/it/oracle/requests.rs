//! For one command line, `az` and we send the same requests.

use super::recorded::Recorded;
use super::sweep::{expect_none, observations};

#[test]
fn every_line_sends_what_az_sends() {
    let Some(observations) = observations() else {
        return;
    };
    let mut differences = Vec::new();
    for observation in observations {
        let expected = &observation.az.requests;
        for (way, run) in observation.ours() {
            let ours = match observation.line.az_breaks_off {
                Some(_) => &run.requests[..expected.len().min(run.requests.len())],
                None => &run.requests[..],
            };
            if ours != expected {
                let (text, expected, ours) =
                    (observation.line.text, listed(expected), listed(ours));
                differences.push(format!(
                    "acr {text} ({way})\n az sent{expected}\n we sent{ours}"
                ));
            }
        }
    }
    expect_none(&differences);
}

fn listed(requests: &[Recorded]) -> String {
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
