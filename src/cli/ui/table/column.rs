//! Columns a command names for its answer, as az's own table of that command has them.

use serde_json::Value;

use super::{
    super::{data::Data, python::write_str},
    grid::{Grid, capitalised},
    time,
};

/// One column of a command's table.
///
/// A path names nested fields: `sku.name`, `passwords[0].value`. What is missing or empty shows blank;
/// `false` and `0` show.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    header: &'static str,
    cell: Cell,
}

#[derive(Debug, Clone, Copy)]
enum Cell {
    Path(&'static str),
    Date(&'static str),
    Value(fn(&Value) -> Value),
    Optional(fn(&Value) -> Option<Value>),
    Rows(fn(&Value) -> Vec<Value>),
}

impl Column {
    /// The value at `path`.
    pub(crate) const fn path(header: &'static str, path: &'static str) -> Self {
        Column {
            header,
            cell: Cell::Path(path),
        }
    }

    /// The time at `path`, to the second.
    pub(crate) const fn date(header: &'static str, path: &'static str) -> Self {
        Column {
            header,
            cell: Cell::Date(path),
        }
    }

    /// What `value` makes of a row.
    pub(crate) const fn value(header: &'static str, value: fn(&Value) -> Value) -> Self {
        Column {
            header,
            cell: Cell::Value(value),
        }
    }

    /// As [`Column::value`]; the column is left out where no row has anything for it.
    pub(crate) const fn optional(header: &'static str, value: fn(&Value) -> Option<Value>) -> Self {
        Column {
            header,
            cell: Cell::Optional(value),
        }
    }

    /// Not a column: says what the rows are where the answer does not list them itself.
    pub(crate) const fn rows(rows: fn(&Value) -> Vec<Value>) -> Self {
        Column {
            header: "",
            cell: Cell::Rows(rows),
        }
    }

    fn text(&self, row: &Value) -> Option<String> {
        Some(match self.cell {
            Cell::Path(path) => text_at(row, path),
            Cell::Date(path) => time::date(&text_at(row, path)),
            Cell::Value(value) => cell_text(&value(row)),
            Cell::Optional(value) => cell_text(&value(row)?),
            Cell::Rows(_) => return None,
        })
    }
}

/// The table of `answer`: its items, its `value` list, or the answer as the only row.
pub(in super::super) fn render(answer: &Value, columns: &[Column]) -> String {
    let expand = columns.iter().find_map(|column| match column.cell {
        Cell::Rows(rows) => Some(rows),
        _ => None,
    });
    let expanded = expand.map(|rows| rows(answer));
    let rows = match (&expanded, answer, answer.get("value")) {
        (Some(rows), _, _) => rows,
        (_, Value::Array(rows), _) | (_, _, Some(Value::Array(rows))) => rows.as_slice(),
        _ => std::slice::from_ref(answer),
    };
    let mut grid = Grid {
        headers: Vec::new(),
        rows: vec![Vec::new(); rows.len()],
    };
    for column in columns {
        let cells: Vec<Option<String>> = rows.iter().map(|row| column.text(row)).collect();
        if cells.iter().all(Option::is_none) {
            continue;
        }
        grid.headers.push(capitalised(column.header));
        for (row, cell) in grid.rows.iter_mut().zip(cells) {
            row.push(cell.unwrap_or_default());
        }
    }
    grid.render()
}

/// How a value shows in a cell: nothing for what is missing or empty, lists as az shows them.
fn cell_text(value: &Value) -> String {
    let is_blank = match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    };
    let mut text = String::new();
    if !is_blank {
        write_str(&mut text, &Data::Plain(value));
    }
    text
}

fn text_at(row: &Value, path: &str) -> String {
    let mut value = row;
    for step in path.split(['.', '[']) {
        let next = match step.strip_suffix(']') {
            Some(index) => index
                .parse::<usize>()
                .ok()
                .and_then(|index| value.get(index)),
            None => value.get(step),
        };
        match next {
            Some(next) => value = next,
            None => return String::new(),
        }
    }
    cell_text(value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_come_from_the_answer_in_the_columns_order() {
        const TABLE: &[Column] = &[
            Column::path("NAME", "name"),
            Column::path("PASSWORD2", "passwords[1].value"),
            Column::path("ON", "on"),
            Column::path("ACTIONS", "actions"),
            Column::date("CREATED", "created"),
        ];
        let one = json!({"created": "2024-05-01T10:00:00.123+00:00", "passwords": [{}, {"value": "p"}],
            "on": false, "name": "x", "actions": ["push", "delete"]});
        let expected = "NAME    PASSWORD2    ON     ACTIONS             CREATED\n\
                        ------  -----------  -----  ------------------  --------------------\n\
                        x       p            False  ['push', 'delete']  2024-05-01T10:00:00Z\n";
        assert_eq!(render(&one, TABLE), expected);
        assert_eq!(render(&json!([one]), TABLE), expected);
        assert_eq!(render(&json!({"value": [one]}), TABLE), expected);
        assert_eq!(render(&json!([]), TABLE), "\n");
    }

    #[test]
    fn blank_cells_keep_their_column() {
        const TABLE: &[Column] = &[Column::path("A", "a.b"), Column::path("B", "b")];
        assert_eq!(
            render(&json!({"a": 1, "b": ""}), TABLE),
            "A    B\n---  ---\n\n"
        );
    }

    #[test]
    fn optional_columns_and_rows_of_the_commands_own() {
        const TABLE: &[Column] = &[
            Column::rows(|answer| answer["endpoints"].as_array().cloned().unwrap_or_default()),
            Column::path("region", "region"),
            Column::optional("X", |row| row.get("x").cloned()),
            Column::optional("Y", |row| row.get("y").cloned()),
        ];
        let answer = json!({"endpoints": [{"region": "a"}, {"region": "b", "y": 1}]});
        assert_eq!(
            render(&answer, TABLE),
            "Region    Y\n--------  ---\na\nb         1\n"
        );
    }

    #[test]
    fn cells_worked_out_from_a_row() {
        const TABLE: &[Column] = &[
            Column::path("NAME", "name"),
            Column::value("TRIGGERS", |row| {
                Value::from(row["by"].as_array().map_or(0, Vec::len))
            }),
        ];
        let answer = json!({"name": "x", "by": [1, 2]});
        assert_eq!(
            render(&answer, TABLE),
            "NAME    TRIGGERS\n------  ----------\nx       2\n"
        );
    }
}
