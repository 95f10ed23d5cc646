//! The table of an answer without columns of its own: its simple fields, headers capitalised.

use std::collections::HashMap;

use super::{
    super::{
        data::{Data, Shape},
        python::write_str,
    },
    grid::{Grid, capitalised},
};

/// Fields that say nothing in a table.
const HIDDEN: [&str; 3] = ["id", "type", "etag"];

/// The table; `is_sorted` orders the fields of a row by name instead of as they come.
pub(in super::super) fn render(data: &Data<'_>, is_sorted: bool) -> String {
    let mut table = Auto::default();
    match data.shape() {
        Shape::List(rows) => rows.iter().for_each(|row| table.push(&row, is_sorted)),
        _ => table.push(data, is_sorted),
    }
    table.grid.render()
}

#[derive(Default)]
struct Auto {
    grid: Grid,
    places: HashMap<String, usize>,
}

impl Auto {
    fn push(&mut self, item: &Data<'_>, is_sorted: bool) {
        let mut row = Vec::new();
        match item.shape() {
            Shape::Object(fields) => {
                let pairs = if is_sorted {
                    fields.sorted()
                } else {
                    fields.pairs()
                };
                for (key, value) in pairs {
                    let is_shown = !HIDDEN.contains(&key)
                        && !matches!(
                            value.shape(),
                            Shape::Null | Shape::List(_) | Shape::Object(_)
                        );
                    if is_shown {
                        self.set(&mut row, capitalised(key), &value);
                    }
                }
            }
            Shape::List(items) => {
                for (index, value) in items.iter().enumerate() {
                    self.set(&mut row, format!("Column{}", index + 1), &value);
                }
            }
            _ => self.set(&mut row, "Result".to_owned(), item),
        }
        self.grid.rows.push(row);
    }

    fn set(&mut self, row: &mut Vec<String>, header: String, value: &Data<'_>) {
        let place = match self.places.get(&header) {
            Some(place) => *place,
            None => {
                let place = self.grid.headers.len();
                self.grid.headers.push(header.clone());
                self.places.insert(header, place);
                place
            }
        };
        if row.len() <= place {
            row.resize_with(place + 1, String::new);
        }
        row[place].clear();
        if !value.is_null() {
            write_str(&mut row[place], value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn table(value: Value, is_sorted: bool) -> String {
        render(&Data::Plain(&value), is_sorted)
    }

    #[test]
    fn shows_simple_fields_only() {
        let value = json!({"name": "x", "id": "/x", "sku": {}, "tags": [], "on": true, "n": null});
        assert_eq!(
            table(value.clone(), true),
            "Name    On\n------  ----\nx       True\n"
        );
        assert_eq!(
            table(json!([{"b": 1}, {"a": 2.0}]), true),
            "B    A\n---  ---\n1\n     2.0\n"
        );
    }

    #[test]
    fn order_follows_the_answer_under_a_query() {
        let value = json!({"b": "1", "a": "2"});
        assert_eq!(table(value.clone(), false), "B    A\n---  ---\n1    2\n");
        assert_eq!(table(value, true), "A    B\n---  ---\n2    1\n");
    }

    #[test]
    fn lists_and_scalars() {
        assert_eq!(table(json!(["x", null]), true), "Result\n--------\nx\n\n");
        let rows = json!([["a", ["b", {"c": null}]]]);
        assert_eq!(
            table(rows, false),
            "Column1    Column2\n---------  ------------------\na          ['b', {'c': None}]\n"
        );
        assert_eq!(table(json!([{}]), true), "\n");
    }
}
