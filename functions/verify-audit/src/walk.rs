//! Along the chains, so many entries at a time.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use shared::audit::{Actor, Broken, Head, Walk};
use shared::error::Error;
use shared::store::audit::Chain;
use shared::store::pages::{Asked, invalid_cursor};

use crate::VerifyAudit;
use crate::wire::{BrokenChain, Verified};

/// Where a walk goes on: in the list of chains, and within one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// Behind which chains.
    chains: Option<String>,
    /// How far in the next one.
    head: Option<Head>,
}

/// What a walk came to.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    /// The chains that were walked to their end, each with it.
    pub(crate) ends: Vec<(Actor, Head)>,
    pub(crate) entries: u64,
    pub(crate) broken: Option<BrokenChain>,
    pub(crate) next: Option<Place>,
}

impl Place {
    pub(crate) fn parsed(cursor: &str) -> Result<Self, Error> {
        let bytes = URL_SAFE_NO_PAD
            .decode(cursor)
            .map_err(|_| invalid_cursor())?;
        serde_json::from_slice(&bytes).map_err(|_| invalid_cursor())
    }

    fn word(&self) -> Result<String, Error> {
        let json = serde_json::to_vec(self).map_err(Error::internal)?;
        Ok(URL_SAFE_NO_PAD.encode(json))
    }
}

impl Walked {
    pub(crate) fn verified(self) -> Result<Verified, Error> {
        Ok(Verified {
            chains: self.ends.len() as u64,
            entries: self.entries,
            broken: self.broken,
            next: self.next.map(|place| place.word()).transpose()?,
        })
    }
}

impl VerifyAudit {
    /// Walks on from a place, until about `entries_max` entries were looked at, all were, or one is wrong.
    pub(crate) async fn walk(&self, from: Place, entries_max: u64) -> Result<Walked, Error> {
        let store = &self.front.store;
        let mut walked = Walked::default();
        let mut place = from;
        loop {
            let one = Asked {
                limit: 1,
                cursor: place.chains.clone(),
            };
            let page = store.audit_chains(&one).await?;
            let Some(chain) = page.rows.into_iter().next() else {
                return Ok(walked);
            };
            let begun = place.head.take().unwrap_or_default();
            match self.along(&chain, begun, entries_max, &mut walked).await? {
                Ok(None) => {}
                Ok(Some(head)) => {
                    place.head = Some(head);
                    walked.next = Some(place);
                    return Ok(walked);
                }
                Err(broken) => {
                    walked.broken = Some(BrokenChain {
                        actor: chain.actor,
                        why: broken.to_string(),
                    });
                    return Ok(walked);
                }
            }
            match page.next {
                None => return Ok(walked),
                next => place.chains = next,
            }
            if walked.entries >= entries_max {
                walked.next = Some(place);
                return Ok(walked);
            }
        }
    }

    /// Walks along one chain. Where there was no time to come to its end, with how far it was.
    async fn along(
        &self,
        chain: &Chain,
        begun: Head,
        entries_max: u64,
        walked: &mut Walked,
    ) -> Result<Result<Option<Head>, Broken>, Error> {
        let store = &self.front.store;
        // Before the entries: what is written meanwhile stands behind it.
        let mut end = store.audit_head(&chain.actor).await?;
        let mut walk = Walk::on_from(chain.actor.clone(), begun);
        loop {
            let entries = store.chain_entries(&chain.actor, walk.head().seq).await?;
            if entries.is_empty() {
                break;
            }
            for (place, row) in entries {
                if walk.head().seq == end.seq {
                    // Written after the end was read, or not by us: the end tells, which moves with every entry.
                    end = store.audit_head(&chain.actor).await?;
                }
                if walk.head().seq == end.seq {
                    return Ok(Err(Broken::Surplus(place)));
                }
                if let Err(broken) = walk.step(place, &row.entry) {
                    return Ok(Err(broken));
                }
                walked.entries += 1;
            }
            if walked.entries >= entries_max && walk.head().seq < end.seq {
                return Ok(Ok(Some(walk.head().clone())));
            }
        }
        let head = walk.head().clone();
        Ok(match walk.end(&end) {
            Ok(_) => {
                walked.ends.push((chain.actor.clone(), head));
                Ok(None)
            }
            Err(broken) => Err(broken),
        })
    }
}
