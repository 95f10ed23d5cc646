//! `-o tsv`: one line per row, fields apart by tabs, no header.

use super::{
    data::{Data, Shape},
    python::write_str,
};

/// All rows; a value that is no list is the only row.
pub(super) fn render(data: &Data<'_>) -> String {
    let mut out = String::new();
    match data.shape() {
        Shape::List(rows) => rows.iter().for_each(|row| write_row(&mut out, &row)),
        _ => write_row(&mut out, data),
    }
    out
}

fn write_row(out: &mut String, row: &Data<'_>) {
    match row.shape() {
        Shape::Object(fields) => {
            let pairs = if fields.is_ordered() {
                fields.pairs()
            } else {
                fields.sorted()
            };
            write_fields(out, pairs.into_iter().map(|(_, value)| value));
        }
        Shape::List(items) => write_fields(out, items.iter()),
        Shape::Bool(bool) => out.push_str(if bool { "true" } else { "false" }),
        _ => write_field(out, row),
    }
    out.push('\n');
}

fn write_fields<'a>(out: &mut String, fields: impl Iterator<Item = Data<'a>>) {
    for (index, field) in fields.enumerate() {
        if index > 0 {
            out.push('\t');
        }
        write_field(out, &field);
    }
}

/// A list shows as its length and an object as nothing, so that every row has its columns.
fn write_field(out: &mut String, field: &Data<'_>) {
    match field.shape() {
        Shape::List(items) => out.push_str(&items.len().to_string()),
        Shape::Object(_) => {}
        _ => write_str(out, field),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn tsv(value: Value) -> String {
        render(&Data::Plain(&value))
    }

    #[test]
    fn rows_and_fields() {
        assert_eq!(
            tsv(json!([{"b": true, "a": null, "c": [1, 2], "d": {"x": 1}, "e": 1.0}])),
            "None\tTrue\t2\t\t1.0\n"
        );
        assert_eq!(
            tsv(json!([true, null, "x", ["a", ["b"]], {}])),
            "true\nNone\nx\na\t1\n\n"
        );
    }

    #[test]
    fn no_rows_print_nothing() {
        assert_eq!(tsv(json!([])), "");
        assert_eq!(tsv(json!("")), "\n");
    }
}
