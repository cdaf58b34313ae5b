//! What waits in memory between two requests of one session: an upload between preview and commit, a
//! case at the counter, a candidate for a link. Bounded, expiring, and never another session's.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use identity::{SessionHash, SessionToken};
use jiff::{SignedDuration, Timestamp};

/// A shelf of things, each under a random name and owned by one session.
pub(crate) struct Shelf<T> {
    most: usize,
    life: SignedDuration,
    held: Mutex<HashMap<String, Held<T>>>,
}

struct Held<T> {
    owner: SessionHash,
    until: Timestamp,
    thing: T,
}

impl<T: Clone> Shelf<T> {
    /// An empty shelf for at most so many things, each held so long after it was last touched.
    pub(crate) fn new(most: usize, life: SignedDuration) -> Self {
        Self {
            most,
            life,
            held: Mutex::new(HashMap::new()),
        }
    }

    /// Puts a thing under a new name. `None` if the shelf is full or there is no randomness.
    pub(crate) fn put(&self, owner: SessionHash, now: Timestamp, thing: T) -> Option<String> {
        let name: String = SessionToken::generate()
            .ok()?
            .to_text()
            .chars()
            .take(32)
            .collect();
        self.put_as(owner, now, name.clone(), thing).then_some(name)
    }

    /// Puts a thing under a name of the caller's, in the place of what is there.
    pub(crate) fn put_as(&self, owner: SessionHash, now: Timestamp, name: String, thing: T) -> bool {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|_, held| held.until > now);
        if held.len() >= self.most && !held.contains_key(&name) {
            return false;
        }
        let until = now.saturating_add(self.life).unwrap_or(now);
        held.insert(name, Held { owner, until, thing });
        true
    }

    /// A copy of the thing, if it is this session's and has not expired.
    pub(crate) fn get(&self, owner: SessionHash, now: Timestamp, name: &str) -> Option<T> {
        self.change(owner, now, name, |thing| thing.clone())
    }

    /// Changes the thing, under the same conditions.
    pub(crate) fn change<R>(
        &self,
        owner: SessionHash,
        now: Timestamp,
        name: &str,
        change: impl FnOnce(&mut T) -> R,
    ) -> Option<R> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let held = held.get_mut(name)?;
        if !held.owner.is(&owner) || held.until <= now {
            return None;
        }
        held.until = now.saturating_add(self.life).unwrap_or(now);
        Some(change(&mut held.thing))
    }

    /// Takes the thing away, under the same conditions: of two at once, one has it.
    pub(crate) fn take(&self, owner: SessionHash, now: Timestamp, name: &str) -> Option<T> {
        let thing = self.get(owner, now, name)?;
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.remove(name).map(|_| thing)
    }

    /// Forgets everything of a session, when it ends.
    pub(crate) fn forget(&self, owner: SessionHash) {
        self.held
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|_, held| !held.owner.is(&owner));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(byte: u8) -> SessionHash {
        SessionHash([byte; 32])
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_thing_is_its_owners_until_it_expires() {
        let shelf = Shelf::new(2, SignedDuration::from_secs(60));
        let name = shelf.put(owner(1), at(0), "thing").unwrap();
        assert_eq!(shelf.get(owner(1), at(59), &name), Some("thing"));
        assert_eq!(shelf.get(owner(2), at(59), &name), None, "not yours is absent");
        assert_eq!(
            shelf.get(owner(1), at(118), &name),
            Some("thing"),
            "touched at 59"
        );
        assert_eq!(shelf.get(owner(1), at(178), &name), None);
    }

    #[test]
    fn a_full_shelf_takes_no_more_until_something_expires() {
        let shelf = Shelf::new(1, SignedDuration::from_secs(60));
        assert!(shelf.put(owner(1), at(0), 1).is_some());
        assert!(shelf.put(owner(1), at(1), 2).is_none());
        let name = shelf.put(owner(1), at(61), 3).unwrap();
        assert!(
            shelf.put_as(owner(1), at(61), name.clone(), 4),
            "in the place of what is there"
        );
        shelf.forget(owner(2));
        assert_eq!(shelf.get(owner(1), at(61), &name), Some(4));
        shelf.forget(owner(1));
        assert_eq!(shelf.get(owner(1), at(61), &name), None);
    }
}
