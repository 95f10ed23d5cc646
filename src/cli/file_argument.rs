//! Arguments that stand in a file: `@FILE`, or the same behind an option's `=`, as az takes them.

use super::error::CliError;
use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};

/// No argument of ours is longer.
const LONGEST_BYTES: u64 = 4 * 1024 * 1024;

/// The line with the content of each file in its place. What names no file that can be read stays what it is: an
/// argument may begin with `@` for other reasons.
pub(crate) fn expand(
    line: impl Iterator<Item = OsString>,
    home: &Path,
) -> Result<Vec<OsString>, CliError> {
    line.map(|argument| match argument.to_str().and_then(named) {
        Some((option, file)) => Ok(match content(file, home)? {
            Some(text) => format!("{option}{text}").into(),
            None => argument,
        }),
        None => Ok(argument),
    })
    .collect()
}

/// What stands before the file's content, and the file.
fn named(argument: &str) -> Option<(&str, &str)> {
    let value = argument.find('=').map_or(0, |equals| equals + 1);
    let (option, value) = argument.split_at(value);
    let file = value.strip_prefix('@').filter(|file| !file.is_empty())?;
    Some((option, file))
}

fn content(file: &str, home: &Path) -> Result<Option<String>, CliError> {
    let mut bytes = Vec::new();
    let read = match file {
        "-" => std::io::stdin()
            .lock()
            .take(LONGEST_BYTES + 1)
            .read_to_end(&mut bytes),
        path => std::fs::File::open(at_home(path, home))
            .and_then(|file| file.take(LONGEST_BYTES + 1).read_to_end(&mut bytes)),
    };
    if read.is_err() {
        return Ok(None);
    }
    if bytes.len() as u64 > LONGEST_BYTES {
        return Err(CliError::usage(format!(
            "@{file}: a file of more than {LONGEST_BYTES} bytes is no argument"
        )));
    }
    // az would give anything else in base64, which no option of ours takes.
    let text = text(bytes)
        .ok_or_else(|| CliError::usage(format!("@{file}: neither UTF-8 nor UTF-16 text")))?;
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Ok(Some(text.trim_end_matches('\n').to_owned()))
}

/// A path of which `~` is the beginning: the shell does not see it behind the `@`.
fn at_home(path: &str, home: &Path) -> PathBuf {
    match path.strip_prefix("~/") {
        Some(rest) => home.join(rest),
        None => path.into(),
    }
}

/// The text of a file, which a Windows shell may have written.
fn text(bytes: Vec<u8>) -> Option<String> {
    let units = |read: fn([u8; 2]) -> u16| {
        let pairs = bytes[2..].chunks_exact(2);
        let units: Vec<u16> = pairs.map(|pair| read([pair[0], pair[1]])).collect();
        String::from_utf16(&units).ok()
    };
    match bytes.as_slice() {
        [0xff, 0xfe, ..] => units(u16::from_le_bytes),
        [0xfe, 0xff, ..] => units(u16::from_be_bytes),
        _ => {
            let text = String::from_utf8(bytes).ok()?;
            Some(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_BYTES, expand};
    use std::ffi::OsString;
    use std::path::Path;

    fn expanded(argument: &str, home: &Path) -> Result<String, String> {
        let line = [OsString::from(argument)].into_iter();
        match expand(line, home) {
            Ok(line) => Ok(line[0].clone().into_string().unwrap()),
            Err(error) => Err(error.lines().join(" ")),
        }
    }

    #[test]
    fn a_file_stands_for_an_argument_or_its_value() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("tags");
        let named = file.to_str().unwrap();
        let cases: [(&[u8], &str); 5] = [
            (b"a=b\n\n", "a=b"),
            (b"a\r\nb\r\n", "a\nb"),
            (b"\xef\xbb\xbfa", "a"),
            (b"\xff\xfea\0\xe9\0", "a\u{e9}"),
            (b"\xfe\xff\0a\0\n", "a"),
        ];
        for (bytes, expected) in cases {
            std::fs::write(&file, bytes).unwrap();
            assert_eq!(
                expanded(&format!("@{named}"), home.path()).unwrap(),
                expected
            );
            let option = expanded(&format!("--tags=@{named}"), home.path());
            assert_eq!(option.unwrap(), format!("--tags={expected}"));
        }
        assert_eq!(expanded("@~/tags", home.path()).unwrap(), "a");
    }

    #[test]
    fn what_names_no_file_stays_what_it_is() {
        let home = Path::new("/nowhere");
        for argument in [
            "@",
            "@/nowhere/file",
            "@/",
            "me@/etc/hosts",
            "--x=me@/etc/hosts",
            "x=",
            "=",
        ] {
            assert_eq!(expanded(argument, home).unwrap(), argument);
        }
    }

    #[test]
    fn what_is_no_text_or_too_long_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("file");
        for bytes in [vec![0xc3, 0x28], vec![b'x'; LONGEST_BYTES as usize + 1]] {
            std::fs::write(&file, bytes).unwrap();
            expanded(&format!("@{}", file.display()), home.path()).unwrap_err();
        }
    }
}
