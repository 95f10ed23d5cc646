//! Credentials: where an Azure access token comes from.
