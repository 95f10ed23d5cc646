//! A gate between the command line and a server: lets bytes through, counts them, and shuts after so many.

use crate::process::Server;
use serde_json::json;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// How long a transfer may take to get to where it is stopped, on a machine that does much else.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// To the server.
    Up,
    /// From the server.
    Down,
}

#[derive(Debug, Default)]
struct State {
    passed: [u64; 2],
    /// How many bytes may pass on a way before it is shut.
    limit: [Option<u64>; 2],
    is_shut: bool,
    /// How often it was opened again. What came before is not let through any more.
    openings: u32,
}

/// A port that leads to a server; what it carries is not understood.
#[derive(Clone)]
pub(crate) struct Gate {
    pub(crate) address: SocketAddr,
    state: Arc<(Mutex<State>, Condvar)>,
}

impl Gate {
    /// Opens a gate to a server.
    pub(crate) fn before(server: &Server) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let gate = Self {
            address: listener.local_addr().unwrap(),
            state: Arc::default(),
        };
        let (doorman, server) = (gate.clone(), server.address);
        std::thread::spawn(move || {
            while let Ok((near, _)) = listener.accept() {
                let far = TcpStream::connect(server).unwrap();
                for (way, from, to) in [(Way::Up, &near, &far), (Way::Down, &far, &near)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let doorman = doorman.clone();
                    std::thread::spawn(move || doorman.carry(way, from, to));
                }
            }
        });
        gate
    }

    /// A file that makes a context whose registries are behind the gate.
    pub(crate) fn admin_file(&self, server: &Server, folder: &Path) -> PathBuf {
        let mut admin = server.admin.clone();
        admin["loginServerSuffix"] = json!(format!(".localhost:{}", self.address.port()));
        let file = folder.join("gate.json");
        std::fs::write(&file, admin.to_string()).unwrap();
        file
    }

    /// Shuts after so many more bytes on one way.
    pub(crate) fn shut_after(&self, way: Way, bytes: u64) {
        let mut state = self.state.0.lock().unwrap();
        state.limit[way as usize] = Some(state.passed[way as usize] + bytes);
    }

    /// Waits until it is shut.
    pub(crate) fn wait_until_shut(&self) {
        let (state, changed) = &*self.state;
        let state = state.lock().unwrap();
        let waited = changed.wait_timeout_while(state, PATIENCE, |state| !state.is_shut);
        assert!(!waited.unwrap().1.timed_out(), "nobody came so far");
    }

    /// Opens again, for good. Connections of before are cut: what a process that is gone has sent last must not
    /// arrive now.
    pub(crate) fn open(&self) {
        let (state, changed) = &*self.state;
        let mut state = state.lock().unwrap();
        state.limit = [None, None];
        state.is_shut = false;
        state.openings += 1;
        changed.notify_all();
    }

    /// The bytes that have passed.
    pub(crate) fn passed(&self, way: Way) -> u64 {
        self.state.0.lock().unwrap().passed[way as usize]
    }

    fn carry(&self, way: Way, mut from: TcpStream, mut to: TcpStream) {
        let began = self.state.0.lock().unwrap().openings;
        let mut buffer = [0; 16 * 1024];
        // Either side may be gone already when its end is told.
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            let passes = self.pass(way, read as u64, began);
            if !passes || to.write_all(&buffer[..read]).is_err() {
                let _ = from.shutdown(Shutdown::Both);
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    }

    /// Counts bytes before they go on; at a shut gate they wait. Whether they may go on then.
    fn pass(&self, way: Way, bytes: u64, began: u32) -> bool {
        let (state, changed) = &*self.state;
        let mut state = state.lock().unwrap();
        let is_over = |state: &mut State| {
            let limit = state.limit[way as usize];
            limit.is_some_and(|limit| state.passed[way as usize] + bytes > limit)
        };
        if is_over(&mut state) {
            state.is_shut = true;
            changed.notify_all();
        }
        let mut state = changed.wait_while(state, is_over).unwrap();
        let is_current = state.openings == began;
        if is_current {
            state.passed[way as usize] += bytes;
        }
        is_current
    }
}
