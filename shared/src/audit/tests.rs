use serde_json::json;

use super::*;

const LENGTH: u64 = 40;

fn actor() -> Actor {
    Actor(format!("admin_{}", "a".repeat(32)))
}

fn act(number: u64) -> Act {
    Act {
        actor: actor(),
        role: Some(Role::Support),
        address: Some("203.0.113.7".to_owned()),
        device: None,
        operation: "refund".to_owned(),
        subject: Some(format!("cus_{number}")),
        reason: Some("Paid twice".to_owned()),
        before: Value::Null,
        after: json!({ "amount_cents": number }),
        outcome: Outcome::Done,
        code: None,
        action: None,
        request_id: format!("req-{number}"),
    }
}

/// A chain of texts with its head.
fn chain() -> (Vec<(u64, String)>, Head) {
    let mut head = Head::default();
    let mut entries = Vec::new();
    for number in 1..=LENGTH {
        let at = Timestamp::from_s(1_767_225_600 + i64::try_from(number).unwrap());
        let sealed = head.next(act(number), at).unwrap();
        head = sealed.head();
        entries.push((sealed.entry.seq, sealed.text));
    }
    (entries, head)
}

fn walked(entries: &[(u64, String)], head: &Head) -> Result<u64, Broken> {
    let mut walk = Walk::of(actor());
    for (seq, text) in entries {
        walk.step(*seq, text)?;
    }
    walk.end(head)
}

#[test]
fn an_untouched_chain_is_walked_to_its_end() {
    let (entries, head) = chain();
    assert_eq!(walked(&entries, &head), Ok(LENGTH));
    assert_eq!(walked(&[], &Head::default()), Ok(0));
}

#[test]
fn a_removed_a_repeated_and_a_cut_off_entry_are_named() {
    let (entries, head) = chain();
    for place in 0..entries.len() {
        let seq = entries[place].0;
        let mut removed = entries.clone();
        removed.remove(place);
        assert_eq!(walked(&removed, &head), Err(Broken::Missing(seq)));
        let mut repeated = entries.clone();
        repeated.insert(place, entries[place].clone());
        assert_eq!(walked(&repeated, &head), Err(Broken::Surplus(seq)));
    }
    let shorter = walked(&entries[..10], &head);
    assert_eq!(shorter, Err(Broken::Missing(11)));
    let early = Head {
        seq: 10,
        ..head.clone()
    };
    assert_eq!(walked(&entries, &early), Err(Broken::Surplus(11)));
}

#[test]
fn whatever_is_changed_in_an_entry_is_located() {
    let (entries, head) = chain();
    let mut located = 0;
    for place in 0..entries.len() {
        let (seq, text) = &entries[place];
        for index in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[index] = if bytes[index] == b'x' { b'y' } else { b'x' };
            let Ok(changed) = String::from_utf8(bytes) else {
                continue;
            };
            let mut entries = entries.clone();
            entries[place].1 = changed;
            let broken = walked(&entries, &head).unwrap_err();
            // A changed link back points at the entry before as much as at the one that holds it.
            let before = seq.saturating_sub(1).max(1);
            assert!(
                broken == Broken::Changed(*seq) || broken == Broken::Changed(before),
                "{seq}: {broken}"
            );
            located += 1;
        }
    }
    assert!(located > 10_000, "{located}");
}

#[test]
fn two_entries_that_changed_places_are_located() {
    let (entries, head) = chain();
    for place in 0..entries.len() - 1 {
        let mut swapped = entries.clone();
        let (one, other) = (entries[place].1.clone(), entries[place + 1].1.clone());
        (swapped[place].1, swapped[place + 1].1) = (other, one);
        assert_eq!(
            walked(&swapped, &head),
            Err(Broken::Changed(entries[place].0))
        );
    }
}

#[test]
fn a_chain_of_another_actor_is_no_chain_of_this_one() {
    let (entries, _) = chain();
    let mut walk = Walk::of(Actor::operator());
    assert_eq!(walk.step(1, &entries[0].1), Err(Broken::Changed(1)));
}
