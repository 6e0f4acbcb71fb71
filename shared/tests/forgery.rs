//! Ten million forgeries of one genuine delivery each: a bit flipped in the body, in the header, or in both, a replay,
//! a secret that was never ours. None is accepted.

use shared::signature::{SIGNATURE_AGE_S_MAX, SigningSecrets, verify};
use shared::time::Timestamp;
use stripe_sim::signature_header;

const FORGERIES: u64 = 10_000_000;

/// Genuine deliveries that are forged.
const DELIVERIES: u64 = 64;

const SIGNED_AT_S: i64 = 1_767_225_600;

/// While a secret is being rolled, both sign.
const CURRENT: &str = "whsec_current";
const PREVIOUS: &str = "whsec_previous";

struct Delivery {
    header: String,
    body: Vec<u8>,
}

/// A body of some dozen bytes, so that most of the ten million do not go into hashing.
fn genuine(number: u64) -> Delivery {
    let body = format!(r#"{{"id":"evt_{number}","object":"event","type":"invoice.paid"}}"#);
    let secret = if number.is_multiple_of(2) {
        CURRENT
    } else {
        PREVIOUS
    };
    let body = body.into_bytes();
    Delivery {
        header: signature_header(secret, SIGNED_AT_S, &body),
        body,
    }
}

fn flip(bytes: &mut [u8], bit: u64) {
    let bits = bytes.len() as u64 * 8;
    let bit = usize::try_from(bit % bits).expect("fewer bits than a usize counts");
    bytes[bit / 8] ^= 1 << (bit % 8);
}

/// Tries the forgeries of one share; the answer is how many were accepted.
fn accepted(seed: u64, forgeries: u64) -> u64 {
    let secrets = SigningSecrets::parse(&format!("{CURRENT},{PREVIOUS}")).expect("two secrets");
    let deliveries: Vec<Delivery> = (0..DELIVERIES).map(genuine).collect();
    let now = Timestamp::from_s(SIGNED_AT_S + 1);
    let late = Timestamp::from_s(SIGNED_AT_S + SIGNATURE_AGE_S_MAX + 1);
    let mut chance = fastrand::Rng::with_seed(seed);
    let mut accepted = 0;
    for _ in 0..forgeries {
        let genuine = &deliveries[chance.usize(..deliveries.len())];
        let (mut header, mut body) = (genuine.header.clone().into_bytes(), genuine.body.clone());
        let mut at = now;
        match chance.u8(..16) {
            0..8 => flip(&mut body, chance.u64(..)),
            8..14 => flip(&mut header, chance.u64(..)),
            14 => {
                flip(&mut body, chance.u64(..));
                flip(&mut header, chance.u64(..));
            }
            _ => at = late,
        }
        if let Ok(header) = str::from_utf8(&header)
            && verify(header, &body, &secrets, at).is_ok()
        {
            accepted += 1;
        }
    }
    accepted
}

#[test]
fn of_ten_million_forgeries_none_is_accepted() {
    let secrets = SigningSecrets::parse(&format!("{CURRENT},{PREVIOUS}")).expect("two secrets");
    for number in 0..DELIVERIES {
        let Delivery { header, body } = genuine(number);
        assert!(verify(&header, &body, &secrets, Timestamp::from_s(SIGNED_AT_S + 1)).is_ok());
    }
    let shares = std::thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let threads: Vec<_> = (0..shares)
        .map(|seed| std::thread::spawn(move || accepted(seed, FORGERIES.div_ceil(shares))))
        .collect();
    let accepted: u64 = threads
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .sum();
    assert_eq!(accepted, 0);
}
