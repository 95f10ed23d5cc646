//! Processes as the system sees them: who they are, how one is asked to end, how one leaves its terminal.

use std::{fs, io};

use rustix::process::{Pid, Resource, Rlimit, Signal};

use super::record::Record;
use crate::Error;

/// When the process began, in the kernel's own count; `None` where the system does not tell.
pub(super) fn start_of(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    start_in(&stat)
}

/// Field 22 of `/proc/PID/stat`; the second field is a name that may itself hold spaces and brackets.
fn start_in(stat: &str) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(19)?.parse().ok()
}

/// Whether the recorded process still runs and is not a later one with the same number.
pub(super) fn is_alive(record: &Record) -> bool {
    let Some(pid) = pid_of(record.pid) else {
        return false;
    };
    let exists = rustix::process::test_kill_process(pid) != Err(rustix::io::Errno::SRCH);
    exists && (record.process_start.is_none() || record.process_start == start_of(record.pid))
}

/// Asks the process to finish its work and end.
pub(super) fn terminate(pid: u32) -> Result<(), Error> {
    let refused = |source: io::Error| Error::System {
        action: "signal the server",
        source,
    };
    let pid = pid_of(pid).ok_or_else(|| refused(io::ErrorKind::InvalidInput.into()))?;
    rustix::process::kill_process(pid, Signal::TERM).map_err(|errno| refused(errno.into()))
}

fn pid_of(pid: u32) -> Option<Pid> {
    // 1 and below would be the machine itself or a whole group.
    let raw = i32::try_from(pid).ok().filter(|raw| *raw > 1)?;
    Pid::from_raw(raw)
}

/// Leaves the terminal this process was started from, so that closing it does not end the server.
pub fn leave_session() -> Result<(), Error> {
    match rustix::process::setsid() {
        // PERM: this process leads its group already, as under a service manager, and has no terminal to leave.
        Ok(_) | Err(rustix::io::Errno::PERM) => Ok(()),
        Err(errno) => Err(Error::System {
            action: "leave the terminal's session",
            source: errno.into(),
        }),
    }
}

/// Raises the number of files this process may open as far as the system lets it, and says how many.
pub(super) fn raise_file_limit() -> Option<u64> {
    let limit = rustix::process::getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    match rustix::process::setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_does_not_shift_the_fields() {
        let fields: Vec<_> = (4..=30).map(|n| n.to_string()).collect();
        let stat = format!("42 (a) b (c)) S {}", fields.join(" "));
        assert_eq!(start_in(&stat), Some(22));
        assert_eq!(start_in("42 (cut"), None);
    }

    #[test]
    fn the_machine_itself_is_never_a_server() {
        assert!(pid_of(0).is_none() && pid_of(1).is_none() && pid_of(u32::MAX).is_none());
        assert!(terminate(1).is_err());
    }

    #[test]
    fn a_later_process_with_the_same_number_is_another_one() {
        let pid = std::process::id();
        let mut record = Record {
            pid,
            process_start: start_of(pid),
            started_at: crate::clock::now(),
            version: String::new(),
            endpoint: String::new(),
            address: ([127, 0, 0, 1], 1).into(),
            state: crate::lifecycle::State::Ready,
        };
        assert!(is_alive(&record));
        record.process_start = Some(0);
        assert!(!is_alive(&record));
    }
}
