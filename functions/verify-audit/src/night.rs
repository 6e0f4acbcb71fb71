//! Every night: all chains, and what they come to together.

use serde::Serialize;
use sha2::{Digest, Sha256};
use shared::alert::Alert;
use shared::audit::Actor;
use shared::error::Error;
use shared::store::audit::AuditDigest;
use shared::time::DAY_S;

use crate::VerifyAudit;
use crate::walk::Place;
use crate::wire::BrokenChain;

/// Entries from one look at the clock to the next.
const ENTRIES_A_STRETCH: u64 = 50_000;

/// What the log came to.
#[derive(Debug, Serialize)]
pub(crate) struct Night {
    /// The day.
    day: String,
    #[serde(flatten)]
    digest: AuditDigest,
    /// Where it is broken first; null where it is whole.
    broken: Option<BrokenChain>,
}

impl VerifyAudit {
    /// Looks the whole log through, keeps what it comes to, and tells where it is broken. The digest goes to the function's
    /// log too, which whoever can write to the table cannot change.
    pub(crate) async fn night(&self) -> Result<Night, Error> {
        let store = &self.front.store;
        let now = self.front.clock.now();
        let mut hash = Sha256::new();
        let mut digest = AuditDigest {
            digest: String::new(),
            chain_count: 0,
            entry_count: 0,
        };
        let mut broken = None;
        let mut place = Some(Place::default());
        while let Some(from) = place {
            let walked = self.walk(from, ENTRIES_A_STRETCH).await?;
            for (actor, head) in walked.ends {
                hash.update(format!("{actor} {} {}\n", head.seq, head.hash));
                digest.chain_count += 1;
                digest.entry_count += head.seq;
            }
            broken = walked.broken;
            place = walked.next;
        }
        digest.digest = hex::encode(hash.finalize());
        if broken.is_none() {
            let yesterday = now.plus_s(-DAY_S).day();
            let before = store.audit_digest(&yesterday).await?;
            broken = before.and_then(|before| shrunk(&before, &digest));
        }
        let day = now.day();
        if let Some(BrokenChain { actor, why }) = &broken {
            tracing::error!(%actor, why, "the audit log is broken");
            store.raise(&Alert::audit_broken(actor, why), now).await?;
        } else {
            store.keep_audit_digest(&day, &digest).await?;
        }
        tracing::info!(
            day,
            digest = digest.digest,
            chains = digest.chain_count,
            entries = digest.entry_count,
            "the audit log was looked through"
        );
        Ok(Night {
            day,
            digest,
            broken,
        })
    }
}

/// A log only grows: a chain that was taken out as a whole is missed in the count.
fn shrunk(before: &AuditDigest, now: &AuditDigest) -> Option<BrokenChain> {
    let shrunk = now.chain_count < before.chain_count || now.entry_count < before.entry_count;
    shrunk.then(|| BrokenChain {
        actor: Actor::system("all"),
        why: format!(
            "yesterday it had {} chains with {} entries, and now {} with {}",
            before.chain_count, before.entry_count, now.chain_count, now.entry_count
        ),
    })
}
