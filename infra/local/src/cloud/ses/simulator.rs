//! SES's mailbox simulator: addresses of which it is known what becomes of their mails (the developer guide's page "Using the
//! mailbox simulator", read November 2026). A label may follow a plus sign, as in `bounce+order-7@…`.

use super::Fate;
use super::address::bare;

const DOMAIN: &str = "simulator.amazonses.com";

/// What becomes of a mail to `destinations`: where they differ, the worst of it.
pub(super) fn fate(destinations: &[String]) -> Fate {
    let fates = destinations.iter().map(|address| fate_of(bare(address)));
    let by_severity = |fate: &Fate| match fate {
        Fate::Delivered => 0,
        Fate::Complained => 1,
        Fate::Suppressed => 2,
        Fate::Bounced => 3,
    };
    fates.max_by_key(by_severity).unwrap_or(Fate::Delivered)
}

fn fate_of(address: &str) -> Fate {
    let Some((local, domain)) = address.rsplit_once('@') else {
        return Fate::Delivered;
    };
    if !domain.eq_ignore_ascii_case(DOMAIN) {
        return Fate::Delivered;
    }
    let name = local.split('+').next().unwrap_or(local);
    match name.to_ascii_lowercase().as_str() {
        "bounce" => Fate::Bounced,
        "suppressionlist" => Fate::Suppressed,
        "complaint" => Fate::Complained,
        _ => Fate::Delivered,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_of_the_simulator_has_its_fate_and_the_worst_counts() {
        for (destinations, expected) in [
            (vec!["ann@example.com"], Fate::Delivered),
            (vec!["success@simulator.amazonses.com"], Fate::Delivered),
            (vec!["ooto@simulator.amazonses.com"], Fate::Delivered),
            (vec!["bounce@simulator.amazonses.com"], Fate::Bounced),
            (
                vec!["Ann <Bounce+order-7@Simulator.AmazonSES.com>"],
                Fate::Bounced,
            ),
            (vec!["complaint@simulator.amazonses.com"], Fate::Complained),
            (
                vec!["suppressionlist@simulator.amazonses.com"],
                Fate::Suppressed,
            ),
            (vec!["bounce@example.com"], Fate::Delivered),
            (
                vec![
                    "complaint@simulator.amazonses.com",
                    "bounce@simulator.amazonses.com",
                ],
                Fate::Bounced,
            ),
        ] {
            let destinations: Vec<String> = destinations.into_iter().map(str::to_owned).collect();
            assert_eq!(fate(&destinations), expected, "{destinations:?}");
        }
    }
}
