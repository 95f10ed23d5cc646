//! Passwords of tokens: how long they last, and how they are made.

use super::ctx::{Ctx, Located};
use super::error::CliError;
use super::shape;
use chrono::{DateTime, NaiveDateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

/// How long new passwords last; without an end they last until they are replaced.
#[derive(Debug, clap::Args)]
pub(crate) struct ExpiryArgs {
    /// When the passwords end, such as 2030-12-31T12:59:59Z.
    #[arg(long, value_name = "TIME")]
    expiration: Option<String>,
    /// After how many days the passwords end.
    #[arg(
        long,
        alias = "days",
        value_name = "DAYS",
        allow_negative_numbers = true
    )]
    expiration_in_days: Option<i64>,
}

impl ExpiryArgs {
    /// Whether an end was given.
    pub(crate) fn is_given(&self) -> bool {
        self.expiration.is_some() || self.expiration_in_days.is_some()
    }

    /// Refuses what is no end.
    pub(crate) fn check(&self) -> Result<(), CliError> {
        if self.expiration.is_some() && self.expiration_in_days.is_some() {
            return Err(CliError::failed(
                "usage error: --expiration and --expiration-in-days are mutually exclusive.",
            ));
        }
        if self.expiration_in_days.is_some_and(|days| days <= 0) {
            return Err(CliError::failed("Days must be positive."));
        }
        self.named_end().map(drop)
    }

    fn named_end(&self) -> Result<Option<DateTime<Utc>>, CliError> {
        let Some(text) = &self.expiration else {
            return Ok(None);
        };
        let end = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").map_err(|_| {
            CliError::failed(format!(
                "Input '{text}' is not valid datetime. Valid example: 2030-12-31T12:59:59Z"
            ))
        })?;
        Ok(Some(end.and_utc()))
    }

    fn end(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, CliError> {
        match self.expiration_in_days {
            None => self.named_end(),
            Some(days) => {
                let span = TimeDelta::try_days(days);
                let end = span.and_then(|span| now.checked_add_signed(span));
                Ok(Some(end.unwrap_or(DateTime::<Utc>::MAX_UTC)))
            }
        }
    }
}

/// Makes new passwords for a token, both or only one, and gives them as az shows them.
pub(crate) async fn generate(
    ctx: &Ctx,
    located: &Located,
    token: &str,
    only: Option<&str>,
    expiry: &ExpiryArgs,
) -> Result<Value, CliError> {
    let registry = ctx.registry_id(&located.name).await?;
    let mut request = json!({ "tokenId": format!("{registry}/tokens/{token}") });
    if let Some(name) = only {
        request["name"] = name.into();
    }
    if let Some(end) = expiry.end(ctx.settings.now())? {
        request["expiry"] = end.to_rfc3339_opts(SecondsFormat::AutoSi, true).into();
    }
    let registries = ctx.arm().await?.registries();
    let made = registries
        .generate_credentials(&located.group, &located.name, &request)
        .await?;
    Ok(shape::token_credentials(made))
}

#[cfg(test)]
mod tests {
    use super::ExpiryArgs;
    use chrono::DateTime;

    fn end(expiration: Option<&str>, days: Option<i64>) -> Result<Option<String>, String> {
        let expiry = ExpiryArgs {
            expiration: expiration.map(str::to_owned),
            expiration_in_days: days,
        };
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let checked = expiry.check().and_then(|()| expiry.end(now));
        let text = |error: super::CliError| error.lines().join("\n");
        Ok(checked.map_err(text)?.map(|end| end.to_rfc3339()))
    }

    #[test]
    fn passwords_end_when_it_is_said() {
        assert_eq!(end(None, None), Ok(None));
        let named = end(Some("2030-12-31T12:59:59Z"), None).unwrap().unwrap();
        assert_eq!(named, "2030-12-31T12:59:59+00:00");
        let counted = end(None, Some(2)).unwrap().unwrap();
        assert_eq!(counted, "2027-01-17T08:00:00+00:00");
        assert!(end(None, Some(i64::MAX)).is_ok());
    }

    #[test]
    fn what_is_no_end_is_refused() {
        for (expiration, days) in [
            (Some("tomorrow"), None),
            (Some("2030-12-31"), None),
            (None, Some(0)),
            (None, Some(-1)),
            (Some("2030-12-31T12:59:59Z"), Some(1)),
        ] {
            assert!(end(expiration, days).is_err(), "{expiration:?} {days:?}");
        }
    }
}
