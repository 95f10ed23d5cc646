//! Tables that several commands show alike.

use super::ui::table::Column;

/// Registries.
pub(crate) const REGISTRIES: &[Column] = &[
    Column::path("NAME", "name"),
    Column::path("RESOURCE GROUP", "resourceGroup"),
    Column::path("LOCATION", "location"),
    Column::path("SKU", "sku.name"),
    Column::path("LOGIN SERVER", "loginServer"),
    Column::date("CREATION DATE", "creationDate"),
    Column::path("ADMIN ENABLED", "adminUserEnabled"),
];

/// The administrator's credentials.
pub(crate) const CREDENTIALS: &[Column] = &[
    Column::path("USERNAME", "username"),
    Column::path("PASSWORD", "passwords[0].value"),
    Column::path("PASSWORD2", "passwords[1].value"),
];

/// The limits of a registry.
pub(crate) const USAGES: &[Column] = &[
    Column::path("NAME", "name"),
    Column::path("LIMIT", "limit"),
    Column::path("CURRENT VALUE", "currentValue"),
    Column::path("UNIT", "unit"),
];
