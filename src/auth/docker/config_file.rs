//! One of the files on disk: read whole, changed under a lock, replaced in one step.

use super::config::Config;
use super::error::Error;
use crate::file;
use crate::lock::{LockFile, PATIENCE};
use std::io;
use std::path::{Path, PathBuf};

/// Far more than anybody's credentials.
const LARGEST_FILE_BYTES: u64 = 4 * 1024 * 1024;
/// As many links as Linux follows.
const MOST_LINKS: usize = 40;

/// Reads a file; one that is not there says nothing. A byte order mark, which PowerShell leaves, does
/// no harm here and is gone with the next change, which Docker is glad of.
pub(super) fn load(path: &Path) -> Result<Config, Error> {
    let text = file::read_text(path, LARGEST_FILE_BYTES).map_err(Error::file(path))?;
    Config::parse(path, &text.unwrap_or_default())
}

/// Changes a file, unless `change` says that nothing changed; gives on what it said.
///
/// Links stay: what they lead to is replaced, even where there is nothing yet. Processes of this
/// program take turns; Docker and Podman know no lock, but never see half a file.
pub(super) async fn update(
    path: &Path,
    change: impl FnOnce(&mut Config) -> bool,
) -> Result<bool, Error> {
    let failed = |source| Error::file(path)(source);
    let target = behind_links(path).map_err(failed)?;
    let _lock = LockFile::acquire(&target, PATIENCE).await.map_err(failed)?;
    let mut config = load(&target)?;
    if !change(&mut config) {
        return Ok(false);
    }
    let text = config.render().map_err(|error| failed(error.into()))?;
    replace(&target, &text).map_err(failed)?;
    Ok(true)
}

fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(next) = std::fs::read_link(&path) else {
            return Ok(path);
        };
        let folder = path.parent().unwrap_or(Path::new("."));
        path = folder.join(next);
    }
    Err(io::Error::other("its links lead nowhere"))
}

/// Replaces a file; who owned it owns it still, should root be at work with somebody's home.
fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    #[cfg(unix)]
    let before = std::fs::metadata(path).ok();
    file::replace(path, text)?;
    #[cfg(unix)]
    if let (Some(before), Ok(after)) = (before, std::fs::metadata(path)) {
        use std::os::unix::fs::MetadataExt;
        if (before.uid(), before.gid()) != (after.uid(), after.gid()) {
            // Only root may give files away; for others the file was theirs to replace anyway.
            let _ = std::os::unix::fs::chown(path, Some(before.uid()), Some(before.gid()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::docker::Credential;
    use crate::testing::Home;
    use acr_http::Secret;

    fn credential(number: usize) -> Credential {
        Credential::of_refresh_token(Secret::new(format!("hunter{number}")))
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn writers_take_turns_and_none_is_lost() {
        let home = Home::new();
        let path = home.path().join("new/folder/config.json");
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..12 {
            let path = path.clone();
            tasks.spawn(async move {
                let key = format!("r{number}.azurecr.io");
                update(&path, |config| config.put(&key, &credential(number))).await
            });
        }
        for changed in tasks.join_all().await {
            assert!(changed.unwrap());
        }
        let config = load(&path).unwrap();
        for number in 0..12 {
            let key = format!("r{number}.azurecr.io");
            let found = config.credential(&path, &key).unwrap();
            assert_eq!(found, Some(credential(number)));
        }
        assert!(file::is_private(&path).unwrap());
        let folder = path.parent().unwrap();
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn what_does_not_change_is_not_written() {
        let home = Home::new();
        let path = home.path().join("config.json");
        assert!(!update(&path, |config| config.remove("h")).await.unwrap());
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn a_broken_file_is_left_as_it_is() {
        let home = Home::new();
        for bad in [
            &b"{\"auths\": {},}"[..],
            b"\xff\xfe{\0}\0",
            b"{\"auths\": []}",
        ] {
            let path = home.path().join("config.json");
            std::fs::write(&path, bad).unwrap();
            let result = update(&path, |config| config.put("h", &credential(1))).await;
            let error = result.unwrap_err();
            assert!(error.to_string().contains("config.json"), "{error}");
            assert_eq!(std::fs::read(&path).unwrap(), bad);
        }
        let huge = home.write("huge.json", &" ".repeat(5 * 1024 * 1024));
        assert!(load(&huge).unwrap_err().to_string().contains("larger than"));
        assert!(load(home.path()).is_err(), "a folder");
    }

    #[tokio::test]
    async fn a_byte_order_mark_goes_with_the_first_change() {
        let home = Home::new();
        let path = home.write("config.json", "\u{feff}{\"a\": 1}");
        update(&path, |config| config.put_mark("h")).await.unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(
            text,
            "{\n\t\"a\": 1,\n\t\"auths\": {\n\t\t\"h\": {}\n\t}\n}"
        );
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn links_stay_links_even_those_that_lead_to_nothing_yet() {
        let home = Home::new();
        let link = home.path().join("link.json");
        let relative = home.path().join("relative.json");
        std::os::unix::fs::symlink("dotfiles/real.json", &relative).unwrap();
        std::os::unix::fs::symlink(&relative, &link).unwrap();
        for number in 0..2 {
            let change = |config: &mut Config| config.put("h", &credential(number));
            assert!(update(&link, change).await.unwrap());
            assert!(link.is_symlink() && relative.is_symlink());
            let real = home.path().join("dotfiles/real.json");
            let found = load(&real).unwrap().credential(&real, "h").unwrap();
            assert_eq!(found, Some(credential(number)));
            assert!(file::is_private(&real).unwrap());
        }
        let circle = home.path().join("circle");
        std::os::unix::fs::symlink(&circle, &circle).unwrap();
        assert!(update(&circle, |_| true).await.is_err());
    }
}
