//! The one door from an answer to the bytes of standard output.

use std::{fmt, str::FromStr};

use serde_json::Value;

use super::{
    colour,
    data::Data,
    json,
    query::{EvaluationError, Expression},
    table::{self, Column},
    tsv, yaml,
};

/// How an answer is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Format {
    #[default]
    Json,
    Jsonc,
    Yaml,
    Yamlc,
    Table,
    Tsv,
    None,
}

impl Format {
    /// All formats, in the order help shows them.
    pub(crate) const ALL: [Format; 7] = [
        Format::Json,
        Format::Jsonc,
        Format::None,
        Format::Table,
        Format::Tsv,
        Format::Yaml,
        Format::Yamlc,
    ];

    /// The word after `--output`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Jsonc => "jsonc",
            Format::Yaml => "yaml",
            Format::Yamlc => "yamlc",
            Format::Table => "table",
            Format::Tsv => "tsv",
            Format::None => "none",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that names no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no output format, choose json, jsonc, none, table, tsv, yaml or yamlc")]
pub(crate) struct UnknownFormat(String);

impl FromStr for Format {
    type Err = UnknownFormat;

    /// Upper and lower case are the same, as with az.
    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        let is_named = |format: &Format| format.name().eq_ignore_ascii_case(text);
        Format::ALL
            .into_iter()
            .find(is_named)
            .ok_or_else(|| UnknownFormat(text.to_owned()))
    }
}

/// What the terminal allows.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Style {
    /// Whether `jsonc` and `yamlc` may colour.
    pub(crate) colour: bool,
}

/// Why an answer could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RenderError {
    #[error(transparent)]
    Query(#[from] EvaluationError),
}

/// The bytes for `value`: what `query` picks from it if given, as a table of `columns` if it has some.
///
/// An answer of null prints nothing in any format. A query replaces the columns.
pub(crate) fn render(
    value: &Value,
    columns: Option<&[Column]>,
    query: Option<&Expression>,
    format: Format,
    style: Style,
) -> Result<String, RenderError> {
    let data = match query {
        Some(query) => query.search(value)?,
        None => Data::Plain(value),
    };
    if data.is_null() {
        return Ok(String::new());
    }
    Ok(match format {
        Format::Json => json::render(&data),
        Format::Jsonc => coloured(json::render(&data), style, colour::json),
        Format::Yaml => yaml::render(&data),
        Format::Yamlc => coloured(yaml::render(&data), style, colour::yaml),
        Format::Table => match (query, columns) {
            (None, Some(columns)) => table::render_columns(value, columns),
            (query, _) => table::render_auto(&data, query.is_none()),
        },
        Format::Tsv => tsv::render(&data),
        Format::None => String::new(),
    })
}

fn coloured(text: String, style: Style, colour: fn(&str) -> String) -> String {
    if style.colour { colour(&text) } else { text }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TABLE: &[Column] = &[Column::path("NAME", "name")];

    fn shown(value: &Value, query: &str, format: Format) -> String {
        let query = (!query.is_empty()).then(|| Expression::parse(query).unwrap());
        render(value, Some(TABLE), query.as_ref(), format, Style::default()).unwrap()
    }

    #[test]
    fn null_prints_nothing() {
        for format in Format::ALL {
            assert_eq!(shown(&json!(null), "", format), "");
            assert_eq!(shown(&json!({}), "a", format), "");
        }
    }

    #[test]
    fn empty_answers() {
        assert_eq!(shown(&json!([]), "", Format::Json), "[]\n");
        assert_eq!(shown(&json!([]), "", Format::Yaml), "[]\n");
        assert_eq!(shown(&json!([]), "", Format::Table), "\n");
        assert_eq!(shown(&json!([]), "", Format::Tsv), "");
        assert_eq!(shown(&json!([1]), "", Format::None), "");
    }

    #[test]
    fn a_query_replaces_the_columns() {
        let value = json!({"name": "x", "b": 1, "a": 2});
        assert_eq!(shown(&value, "", Format::Table), "NAME\n------\nx\n");
        assert_eq!(
            shown(&value, "@", Format::Table),
            "Name    B    A\n------  ---  ---\nx       1    2\n"
        );
    }

    #[test]
    fn only_spelled_objects_keep_their_order_in_tsv() {
        let value = json!({"b": 1, "a": 2});
        assert_eq!(shown(&value, "@", Format::Tsv), "2\t1\n");
        assert_eq!(shown(&value, "{b: b, a: a}", Format::Tsv), "1\t2\n");
        assert_eq!(
            shown(&value, "{b: b, a: a}", Format::Json),
            "{\n  \"a\": 2,\n  \"b\": 1\n}\n"
        );
        assert_eq!(
            shown(&value, "merge({b: b}, {a: a})", Format::Tsv),
            "2\t1\n"
        );
    }

    #[test]
    fn a_container_used_twice_is_written_once_in_yaml() {
        let value = json!({"t": {"x": 1}, "l": [], "n": "s"});
        assert_eq!(
            shown(&value, "[t, n, n, t, l, l]", Format::Yaml),
            "- &id001\n  x: 1\n- s\n- s\n- *id001\n- &id002 []\n- *id002\n"
        );
        assert_eq!(
            shown(&value, "{a: t, b: t}", Format::Yaml),
            "a:\n  x: 1\nb:\n  x: 1\n"
        );
    }

    #[test]
    fn names_of_formats() {
        assert_eq!("TSV".parse(), Ok(Format::Tsv));
        assert!(
            "xml"
                .parse::<Format>()
                .unwrap_err()
                .to_string()
                .contains("`xml`")
        );
    }

    #[test]
    fn colour_only_when_told() {
        let value = json!([]);
        let on = render(&value, None, None, Format::Jsonc, Style { colour: true }).unwrap();
        assert!(on.contains("\x1b["));
        assert_eq!(shown(&value, "", Format::Jsonc), "[]\n");
        assert_eq!(shown(&value, "", Format::Yamlc), "[]\n");
    }
}
