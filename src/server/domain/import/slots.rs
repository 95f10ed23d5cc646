//! Whose import is worked on next: slots that registries share fairly.
//!
//! A registry gets one more slot only while more are free than it holds. So one alone has half of them at most, and
//! the next registry finds one free however long the imports of the others take. Those that wait take turns by
//! registry, and within a registry in the order in which they came.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::oneshot::{Sender, channel},
    time::{error::Elapsed, timeout},
};

use crate::domain::Error;

/// The slots of one server.
#[derive(Clone)]
pub(super) struct Slots(Arc<Mutex<State>>);

struct State {
    free: usize,
    /// How many a registry holds, unless it is none.
    held: HashMap<String, usize>,
    /// Who waits, by registry; never nobody.
    waiting: HashMap<String, VecDeque<Sender<Slot>>>,
    /// The registries of `waiting`, the next one first.
    turns: VecDeque<String>,
}

/// The leave to work on an import, until it is dropped.
pub(super) struct Slot {
    slots: Slots,
    registry: String,
}

impl Slots {
    pub(super) fn new(count: usize) -> Self {
        Self(Arc::new(Mutex::new(State {
            free: count,
            held: HashMap::new(),
            waiting: HashMap::new(),
            turns: VecDeque::new(),
        })))
    }

    /// Waits for a slot, however long it takes. Whoever stops waiting loses nothing to the others.
    pub(super) async fn take(&self, registry: &str) -> Result<Slot, Error> {
        let (sender, slot) = channel();
        self.lock().wait(registry, sender);
        self.hand_out();
        slot.await.map_err(Error::internal)
    }

    fn hand_out(&self) {
        loop {
            let next = self.lock().next();
            let Some((registry, waiter)) = next else {
                return;
            };
            let slots = self.clone();
            // The slot of one that has just stopped waiting comes back as it is dropped.
            drop(waiter.send(Slot { slots, registry }));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn wait(&mut self, registry: &str, waiter: Sender<Slot>) {
        if let Some(waiting) = self.waiting.get_mut(registry) {
            waiting.push_back(waiter);
            return;
        }
        self.waiting
            .insert(registry.to_owned(), VecDeque::from([waiter]));
        self.turns.push_back(registry.to_owned());
    }

    /// Takes a slot for whoever has the next turn and may have one.
    fn next(&mut self) -> Option<(String, Sender<Slot>)> {
        for _ in 0..self.turns.len() {
            let registry = self.turns.pop_front()?;
            let held = self.held.get(&registry).copied().unwrap_or_default();
            if held >= self.free {
                self.turns.push_back(registry);
                continue;
            }
            let waiting = self.waiting.get_mut(&registry)?;
            waiting.retain(|waiter| !waiter.is_closed());
            let next = waiting.pop_front();
            if waiting.is_empty() {
                self.waiting.remove(&registry);
            } else {
                self.turns.push_back(registry.clone());
            }
            if let Some(waiter) = next {
                self.free -= 1;
                self.held.insert(registry.clone(), held + 1);
                return Some((registry, waiter));
            }
        }
        None
    }

    fn give_back(&mut self, registry: &str) {
        self.free += 1;
        match self.held.get_mut(registry) {
            Some(held) if *held > 1 => *held -= 1,
            _ => drop(self.held.remove(registry)),
        }
    }
}

impl Slot {
    /// Works in the slot and gives it back. The limit counts from now, not from when the slot was first wanted.
    pub(super) async fn work<T>(
        self,
        longest: Duration,
        work: impl Future<Output = T>,
    ) -> Result<T, Elapsed> {
        timeout(longest, work).await
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.slots.lock().give_back(&self.registry);
        self.slots.hand_out();
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use futures_util::FutureExt as _;
    use tokio::task::{JoinHandle, yield_now};

    use super::*;

    async fn take(slots: &Slots, registry: &str) -> Slot {
        let taken = slots.take(registry).now_or_never();
        taken.expect("a slot is free").unwrap()
    }

    /// Waits for a slot in the background.
    async fn wait(slots: &Slots, registry: &'static str) -> JoinHandle<Slot> {
        let taking = slots.clone();
        let waiting = tokio::spawn(async move { taking.take(registry).await.unwrap() });
        yield_now().await;
        waiting
    }

    #[tokio::test]
    async fn one_registry_never_has_all() {
        let slots = Slots::new(8);
        let mut held = Vec::new();
        for _ in 0..4 {
            held.push(take(&slots, "greedy").await);
        }
        let more = wait(&slots, "greedy").await;
        for next in ["b", "c", "d"] {
            held.push(take(&slots, next).await);
        }
        assert!(!more.is_finished());
        held.clear();
        more.await.unwrap();
        assert_eq!(slots.lock().free, 8);
        assert!(slots.lock().held.is_empty() && slots.lock().waiting.is_empty());
    }

    #[tokio::test]
    async fn those_that_wait_take_turns_by_registry() {
        let slots = Slots::new(1);
        let first = take(&slots, "a").await;
        let mut waiting = Vec::new();
        for registry in ["a", "a", "a", "b", "c", "b"] {
            waiting.push(Some(wait(&slots, registry).await));
        }
        drop(first);
        for expected in [0, 3, 4, 1, 5, 2] {
            let next = waiting[expected].take().unwrap();
            let slot = next.await.unwrap();
            let others = waiting.iter().flatten();
            assert!(others.into_iter().all(|other| !other.is_finished()));
            drop(slot);
            yield_now().await;
        }
        assert!(slots.lock().turns.is_empty());
    }

    #[tokio::test]
    async fn who_stops_waiting_is_in_nobodys_way() {
        let slots = Slots::new(1);
        let first = take(&slots, "a").await;
        let gone = wait(&slots, "a").await;
        let next = wait(&slots, "b").await;
        gone.abort();
        assert!(gone.await.is_err());
        drop(first);
        drop(next.await.unwrap());
        drop(take(&slots, "a").await);
    }

    #[tokio::test]
    async fn waiting_takes_nothing_from_the_time_to_work() {
        let slots = Slots::new(1);
        let first = take(&slots, "a").await;
        let late = wait(&slots, "b").await;
        drop(first);
        let slot = late.await.unwrap();
        assert_eq!(slot.work(Duration::ZERO, ready(7)).await, Ok(7));
        let slot = take(&slots, "b").await;
        assert!(
            slot.work(Duration::ZERO, std::future::pending::<()>())
                .await
                .is_err()
        );
        drop(take(&slots, "b").await);
    }
}
