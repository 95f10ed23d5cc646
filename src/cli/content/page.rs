//! How much of a listing is asked for, and in which order.

use crate::cli::args::choice;
use crate::cli::error::CliError;
use acr_api::acr::{Order, PageQuery};
use acr_client::registry::Pages;
use serde::de::DeserializeOwned;

/// Entries of a page; Azure gives no more at once to anybody who does not ask.
const PAGE: u32 = 100;

/// How much of a listing is shown.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct TopArgs {
    /// Show no more than so many.
    // Any whole number, as for az: the service refuses one below zero, with another exit code than a mistake on
    // the command line has.
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    top: Option<i64>,
}

/// How much of a listing is shown, and in which order.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct OrderArgs {
    #[command(flatten)]
    top: TopArgs,
    /// Order by time instead of by name.
    #[arg(long, value_name = "ORDER", ignore_case = true, value_parser = choice(&["time_asc", "time_desc"]))]
    orderby: Option<&'static str>,
}

/// The query of a listing that is wanted whole.
pub(crate) fn everything() -> PageQuery {
    PageQuery {
        n: Some(PAGE),
        ..PageQuery::default()
    }
}

impl TopArgs {
    /// The query of its first page.
    pub(crate) fn query(&self) -> PageQuery {
        everything()
    }

    /// The entries that are wanted.
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        pages: Pages<T>,
    ) -> Result<Vec<T>, CliError> {
        Ok(match self.top {
            Some(top) => pages.first(top).await?,
            None => pages.all().await?,
        })
    }
}

impl OrderArgs {
    /// The query of its first page.
    pub(crate) fn query(&self) -> PageQuery {
        let orderby = match self.orderby {
            Some("time_asc") => Order::TimeAscending,
            Some("time_desc") => Order::TimeDescending,
            _ => Order::Name,
        };
        PageQuery {
            orderby,
            ..self.top.query()
        }
    }

    /// The entries that are wanted.
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        pages: Pages<T>,
    ) -> Result<Vec<T>, CliError> {
        self.top.read(pages).await
    }
}
