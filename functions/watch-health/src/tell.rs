//! What is owed to the administrators is told: taken, published, noted.

use shared::error::Error;
use shared::notice::Notice;
use shared::time::Timestamp;

use crate::WatchHealth;

/// Messages of one watch. More come with the next: nobody reads fifty at once, and a flood is to leave time for the rest.
const TOLD_MAX: usize = 50;

impl WatchHealth {
    /// Tells what may be told at `now`, and says how many messages that were.
    ///
    /// # Errors
    /// Where the tables or the topic do not answer. What was not told, or not noted, is told by the next watch.
    pub(crate) async fn tell(&self, now: Timestamp) -> Result<usize, Error> {
        let mut told = 0;
        let mut failed = None;
        for cause in self.store.alerts_due(now).await?.into_iter().take(TOLD_MAX) {
            match self.tell_one(&cause, now).await {
                Ok(true) => told += 1,
                Ok(false) => {}
                // One that cannot be told does not hold up the others.
                Err(error) => {
                    tracing::error!(alert.cause = cause, %error, "not told; it will be tried again");
                    failed = Some(error);
                }
            }
        }
        failed.map_or(Ok(told), Err)
    }

    async fn tell_one(&self, cause: &str, now: Timestamp) -> Result<bool, Error> {
        let Some(row) = self.store.take_alert(cause, now).await? else {
            return Ok(false);
        };
        if row.is_open() && row.acknowledged_at.is_some() {
            self.store.alert_not_to_be_told(&row).await?;
            return Ok(false);
        }
        self.topic.publish(&Notice::of(&row, now)).await?;
        self.store.alert_told(&row, now).await?;
        Ok(true)
    }
}
