//! The policies of a registry.

use acr_api::arm::{Policies, RetentionPolicy, SoftDeletePolicy, StatusPolicy, TrustPolicy};

use super::choice::{STATUS, choose, refuse};
use crate::domain::Error;

const DEFAULT_DAYS: i64 = 7;

/// Works out the policies after a write.
pub(super) fn resolve(
    asked: Option<Policies>,
    before: Option<&Policies>,
    now: &str,
) -> Result<Policies, Error> {
    let asked = asked.unwrap_or_default();
    let trust = asked.trust_policy.unwrap_or_default();
    Ok(Policies {
        quarantine_policy: Some(switch(
            "quarantinePolicy",
            asked.quarantine_policy,
            "disabled",
        )?),
        trust_policy: Some(TrustPolicy {
            kind: choose(
                &path("trustPolicy.type"),
                trust.kind.as_deref(),
                &["Notary"],
                "Notary",
            )?,
            status: status("trustPolicy", trust.status.as_deref(), "disabled")?,
        }),
        retention_policy: Some(retention(
            asked.retention_policy.unwrap_or_default(),
            before.and_then(|before| before.retention_policy.as_ref()),
            now,
        )?),
        export_policy: Some(switch("exportPolicy", asked.export_policy, "enabled")?),
        azure_ad_authentication_as_arm_policy: Some(switch(
            "azureADAuthenticationAsArmPolicy",
            asked.azure_ad_authentication_as_arm_policy,
            "enabled",
        )?),
        soft_delete_policy: Some(soft_delete(
            asked.soft_delete_policy.unwrap_or_default(),
            before.and_then(|before| before.soft_delete_policy.as_ref()),
            now,
        )?),
    })
}

fn retention(
    asked: RetentionPolicy,
    before: Option<&RetentionPolicy>,
    now: &str,
) -> Result<RetentionPolicy, Error> {
    let days = days("retentionPolicy.days", asked.days, 0, 365)?;
    let status = status("retentionPolicy", asked.status.as_deref(), "disabled")?;
    let unchanged = before.filter(|before| before.days == Some(days) && before.status == status);
    Ok(RetentionPolicy {
        days: Some(days),
        last_updated_time: unchanged.map_or(Some(now.to_owned()), |before| {
            before.last_updated_time.clone()
        }),
        status,
    })
}

fn soft_delete(
    asked: SoftDeletePolicy,
    before: Option<&SoftDeletePolicy>,
    now: &str,
) -> Result<SoftDeletePolicy, Error> {
    let days = days(
        "softDeletePolicy.retentionDays",
        asked.retention_days,
        1,
        90,
    )?;
    let status = status("softDeletePolicy", asked.status.as_deref(), "disabled")?;
    let unchanged =
        before.filter(|before| before.retention_days == Some(days) && before.status == status);
    Ok(SoftDeletePolicy {
        retention_days: Some(days),
        last_updated_time: unchanged.map_or(Some(now.to_owned()), |before| {
            before.last_updated_time.clone()
        }),
        status,
    })
}

fn days(member: &str, asked: Option<i64>, least: i64, most: i64) -> Result<i64, Error> {
    let days = asked.unwrap_or(DEFAULT_DAYS);
    if (least..=most).contains(&days) {
        return Ok(days);
    }
    let path = path(member);
    Err(refuse(
        &path,
        format!("'{path}' must be between {least} and {most}."),
    ))
}

fn switch(member: &str, asked: Option<StatusPolicy>, default: &str) -> Result<StatusPolicy, Error> {
    let given = asked.unwrap_or_default().status;
    Ok(StatusPolicy {
        status: status(member, given.as_deref(), default)?,
    })
}

fn status(member: &str, asked: Option<&str>, default: &str) -> Result<Option<String>, Error> {
    choose(&path(&format!("{member}.status")), asked, STATUS, default)
}

fn path(member: &str) -> String {
    format!("properties.policies.{member}")
}

#[cfg(test)]
mod tests {
    use super::resolve;
    use acr_api::arm::{Policies, RetentionPolicy};

    fn with_days(days: i64) -> Option<Policies> {
        Some(Policies {
            retention_policy: Some(RetentionPolicy {
                days: Some(days),
                ..RetentionPolicy::default()
            }),
            ..Policies::default()
        })
    }

    #[test]
    fn times_move_only_with_a_change() {
        let first = resolve(None, None, "then").unwrap();
        let same = resolve(with_days(7), Some(&first), "now").unwrap();
        assert_eq!(same, first);
        let changed = resolve(with_days(8), Some(&first), "now").unwrap();
        let time =
            |policies: &Policies| policies.retention_policy.clone().unwrap().last_updated_time;
        assert_eq!(time(&changed).as_deref(), Some("now"));
        assert_eq!(changed.soft_delete_policy, first.soft_delete_policy);
    }

    #[test]
    fn bounds_days() {
        for bad in [-1, 366] {
            let error = resolve(with_days(bad), None, "now").unwrap_err();
            assert_eq!(
                error.target(),
                Some("properties.policies.retentionPolicy.days")
            );
        }
    }
}
