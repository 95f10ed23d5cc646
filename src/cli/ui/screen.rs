//! The terminal that progress is drawn on. The cursor rests a little before its right edge, where there is room
//! for what the terminal itself shows of a typed Ctrl-C: at the edge that would begin a new line, and the bars
//! that are wiped away afterwards would be looked for one line too low.

use console::Term;
use indicatif::{ProgressDrawTarget, TermLike};
use std::io;

/// As wide as `^C`, and one more, because a full line may wrap already.
const ROOM_COLUMNS: usize = 3;
/// Pictures a second.
const RATE_HZ: u8 = 20;

/// Standard error, with room for what is typed.
#[derive(Debug)]
struct Screen(Term);

/// Where progress is drawn on a terminal.
pub(super) fn on_stderr() -> ProgressDrawTarget {
    let screen = Screen(Term::buffered_stderr());
    ProgressDrawTarget::term_like_with_hz(Box::new(screen), RATE_HZ)
}

impl TermLike for Screen {
    fn width(&self) -> u16 {
        TermLike::width(&self.0)
    }

    fn height(&self) -> u16 {
        TermLike::height(&self.0)
    }

    fn move_cursor_up(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_up(n)
    }

    fn move_cursor_down(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_down(n)
    }

    fn move_cursor_right(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_right(n)
    }

    fn move_cursor_left(&self, n: usize) -> io::Result<()> {
        self.0.move_cursor_left(n)
    }

    fn write_line(&self, s: &str) -> io::Result<()> {
        self.0.write_line(s)
    }

    fn write_str(&self, s: &str) -> io::Result<()> {
        self.0.write_str(s)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.0.clear_line()
    }

    /// Ends a picture: bars are as wide as the terminal, and where there are none the cursor has no column to
    /// leave.
    fn flush(&self) -> io::Result<()> {
        self.0.move_cursor_left(ROOM_COLUMNS)?;
        self.0.flush()
    }
}
