//! The text of a table: headers, a rule, rows, columns two blanks apart.

/// The least a column is wider than its header.
const HEADER_MARGIN: usize = 2;
const GAP: &str = "  ";

/// Headers and the rows under them; a cell may be missing.
#[derive(Debug, Default)]
pub(super) struct Grid {
    pub(super) headers: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Grid {
    /// The table, or a blank line where there is nothing to show.
    pub(super) fn render(mut self) -> String {
        if self.headers.is_empty() || self.rows.is_empty() {
            return "\n".to_owned();
        }
        let columns = self.headers.len();
        let has_breaks = self
            .headers
            .iter()
            .chain(self.rows.iter().flatten())
            .any(|cell| cell.contains(['\n', '\r']));
        for row in &mut self.rows {
            row.resize_with(columns, String::new);
        }
        let mut widths: Vec<usize> = self
            .headers
            .iter()
            .map(|header| width(header) + HEADER_MARGIN)
            .collect();
        for row in &self.rows {
            for (widest, cell) in widths.iter_mut().zip(row) {
                *widest = width(cell.trim()).max(*widest);
            }
        }
        let mut out = String::with_capacity(
            (self.rows.len() + 2) * (widths.iter().sum::<usize>() + columns * GAP.len()),
        );
        let headers: Vec<Vec<&str>> = self
            .headers
            .iter()
            .map(|header| header.split(['\n', '\r']).collect())
            .collect();
        write_row(&mut out, &headers, &widths);
        let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
        write_line(&mut out, rules.iter().map(String::as_str), &widths);
        for row in &self.rows {
            let cells = row.iter().map(|cell| cell.trim());
            if has_breaks {
                write_row(&mut out, &cells.map(lines).collect::<Vec<_>>(), &widths);
            } else {
                write_line(&mut out, cells, &widths);
            }
        }
        out
    }
}

/// A header as az shows it: the name of a field, its first letter made large.
pub(super) fn capitalised(key: &str) -> String {
    let mut chars = key.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// Characters the longest line of a cell takes.
fn width(cell: &str) -> usize {
    cell.split(['\n', '\r']).map(line_width).max().unwrap_or(0)
}

/// Characters a line takes on a terminal, where colour codes take none.
fn line_width(line: &str) -> usize {
    let count = |text: &str| {
        if text.is_ascii() {
            text.len()
        } else {
            text.chars().count()
        }
    };
    let mut pieces = line.split("\x1b[");
    let first = pieces.next().map_or(0, count);
    first
        + pieces
            .map(|piece| code_end(piece).map_or(count(piece) + 2, |end| count(&piece[end..])))
            .sum::<usize>()
}

/// Where the colour code at the start of `text` ends: parameters, then one letter.
fn code_end(text: &str) -> Option<usize> {
    let rest = text.trim_start_matches(|ch| matches!(ch, '0'..='?'));
    let rest = rest.trim_start_matches(|ch| matches!(ch, ' '..='/'));
    rest.starts_with(|ch| matches!(ch, '@'..='~'))
        .then(|| text.len() - rest.len() + 1)
}

/// One row of cells given by their lines, as high as its highest cell.
fn write_row(out: &mut String, cells: &[Vec<&str>], widths: &[usize]) {
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    for index in 0..height {
        write_line(
            out,
            cells
                .iter()
                .map(|lines| lines.get(index).copied().unwrap_or("")),
            widths,
        );
    }
}

/// One line, without blanks at its end.
fn write_line<'c>(out: &mut String, cells: impl Iterator<Item = &'c str>, widths: &[usize]) {
    let start = out.len();
    for (index, (cell, width)) in cells.zip(widths).enumerate() {
        if index > 0 {
            out.push_str(GAP);
        }
        out.push_str(cell);
        out.extend(std::iter::repeat_n(
            ' ',
            width.saturating_sub(line_width(cell)),
        ));
    }
    let end = start + out[start..].trim_end().len();
    out.truncate(end);
    out.push('\n');
}

/// The lines of a cell; a break at its end starts none.
fn lines(cell: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = cell;
    while let Some((index, separator)) = rest.char_indices().find(|(_, ch)| is_break(*ch)) {
        lines.push(&rest[..index]);
        rest = &rest[index..];
        let length = if rest.starts_with("\r\n") {
            2
        } else {
            separator.len_utf8()
        };
        rest = &rest[length..];
    }
    if !rest.is_empty() {
        lines.push(rest);
    }
    lines
}

/// Python's idea of a line break.
fn is_break(ch: char) -> bool {
    matches!(ch, '\n'..='\r' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(headers: &[&str], rows: &[&[&str]]) -> String {
        let owned = |cells: &[&str]| {
            cells
                .iter()
                .map(|cell| (*cell).to_owned())
                .collect::<Vec<_>>()
        };
        Grid {
            headers: owned(headers),
            rows: rows.iter().map(|row| owned(row)).collect(),
        }
        .render()
    }

    #[test]
    fn pads_to_the_widest_and_trims_line_ends() {
        let text = grid(&["A", "Name"], &[&[" é ", "x"], &["longer", ""]]);
        assert_eq!(text, "A       Name\n------  ------\né       x\nlonger\n");
    }

    #[test]
    fn a_cell_with_breaks_makes_its_row_higher() {
        let text = grid(&["A", "B"], &[&["x\ny", "z"], &["1", "2"]]);
        assert_eq!(text, "A    B\n---  ---\nx    z\ny\n1    2\n");
    }

    #[test]
    fn nothing_is_a_blank_line() {
        assert_eq!(grid(&["A"], &[]), "\n");
        assert_eq!(grid(&[], &[&[]]), "\n");
    }
}
