//! Orders to `replay-event`, one after the other until all is told or done: its time and its answers are limited, and what
//! is left is ordered again.

use serde_json::{Value, json};

use crate::answer::{Answer, Told};
use crate::installation::Installation;
use crate::problem::Problem;
use crate::screen::Screen;
use crate::table::{self, Sum};

/// Events named in one order: the function takes no more.
const NAMED_MAX: usize = 100;

/// Which events, and how far they are ordered.
pub(crate) struct Journey {
    choice: Choice,
    /// Whether it is done, or only told.
    pub(crate) execute: bool,
    /// Events that were answered.
    pub(crate) answered: usize,
    seen: usize,
    /// Where a filter or a backfill has come to.
    pub(crate) cursor: Option<String>,
}

/// Which events.
#[derive(Clone)]
pub(crate) enum Choice {
    /// These, by their ids.
    Named(Vec<String>),
    /// Those that the function finds: the name of the field, and what stands in it.
    Found(&'static str, Value),
}

/// What is shown of the answers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    /// A line an event, and how far it is.
    Table,
    /// How far it is.
    Progress,
    /// Each answer as it came, on a line of its own.
    Json,
}

impl Show {
    /// Of events that are told.
    pub(crate) fn of_telling(json: bool) -> Self {
        if json { Self::Json } else { Self::Table }
    }

    /// Of events that were told before.
    pub(crate) fn of_doing(json: bool) -> Self {
        if json { Self::Json } else { Self::Progress }
    }
}

impl Journey {
    pub(crate) fn new(choice: Choice, execute: bool) -> Self {
        let cursor = match &choice {
            Choice::Named(_) => None,
            Choice::Found(_, filter) => filter["starting_after"].as_str().map(str::to_owned),
        };
        Self {
            choice,
            execute,
            answered: 0,
            seen: 0,
            cursor,
        }
    }

    /// Goes to the end; the answer is what was told of the events.
    ///
    /// # Errors
    /// What stopped it; `answered` and `cursor` say where.
    pub(crate) async fn go(
        &mut self,
        installation: &Installation,
        screen: &mut Screen,
        show: Show,
    ) -> Result<Known, Problem> {
        let (mut known, mut is_begun) = (Known::default(), false);
        while let Some(order) = self.order() {
            let answer = installation.lambda().invoke("replay-event", &order).await?;
            if show == Show::Json {
                screen.print(&answer.to_string())?;
            }
            let answer: Answer = installation.lambda().read("replay-event", answer)?;
            for told in &answer.events {
                if show == Show::Table {
                    if !std::mem::replace(&mut is_begun, true) {
                        screen.print(&table::head())?;
                    }
                    for line in table::lines(told) {
                        screen.print(&line)?;
                    }
                }
                known.add(told);
            }
            if self.go_on_from(&answer)? {
                break;
            }
            screen.progress(&self.progress(answer.left))?;
        }
        Ok(known)
    }

    /// The next order; none where there is nothing to order.
    fn order(&self) -> Option<Value> {
        let mut order = match &self.choice {
            Choice::Named(ids) => {
                let ids: Vec<&String> = ids.iter().skip(self.answered).take(NAMED_MAX).collect();
                if ids.is_empty() {
                    return None;
                }
                json!({ "events": ids })
            }
            Choice::Found(field, filter) => {
                let mut filter = filter.clone();
                if let Some(cursor) = &self.cursor {
                    filter["starting_after"] = cursor.as_str().into();
                }
                json!({ *field: filter })
            }
        };
        order["execute"] = self.execute.into();
        Some(order)
    }

    /// Notes how far an answer has come, and says whether that is the end.
    fn go_on_from(&mut self, answer: &Answer) -> Result<bool, Problem> {
        self.answered += answer.events.len();
        self.seen += answer.seen.unwrap_or_default();
        match &self.choice {
            Choice::Named(_) if answer.events.is_empty() => Err(Problem::NoProgress),
            Choice::Named(ids) => Ok(self.answered >= ids.len()),
            Choice::Found(..) => match &answer.next {
                None if answer.left == 0 => Ok(true),
                next if *next == self.cursor => Err(Problem::NoProgress),
                next => {
                    self.cursor.clone_from(next);
                    Ok(false)
                }
            },
        }
    }

    fn progress(&self, left: usize) -> String {
        let done = if self.execute { "replayed" } else { "told" };
        let so_far = format!("{} {done}", table::events(self.answered));
        match &self.choice {
            Choice::Named(ids) => format!("{so_far}, {} left", ids.len() - self.answered),
            Choice::Found("backfill", _) => {
                let seen = self.seen;
                format!(
                    "{so_far}; {seen} of Stripe's gone through, back to {}",
                    self.at()
                )
            }
            Choice::Found(..) => format!("{so_far}, {left} left"),
        }
    }

    /// What was told, in a sentence.
    pub(crate) fn summary(&self, known: &Known) -> String {
        let words = known.sum.words();
        match &self.choice {
            Choice::Found("backfill", _) => {
                format!("{} of Stripe's gone through. {words}", self.seen)
            }
            _ => words,
        }
    }

    fn at(&self) -> &str {
        self.cursor.as_deref().unwrap_or("the newest")
    }
}

/// All that is told of the events, and which of them can be tried anew.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) sum: Sum,
    pub(crate) possible: Vec<String>,
}

impl Known {
    fn add(&mut self, told: &Told) {
        self.sum.add(told);
        if told.is_possible() {
            self.possible.push(told.event.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(value: Value) -> Answer {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn named_events_go_in_hundreds_and_what_was_left_goes_again() {
        let ids: Vec<String> = (0..150).map(|number| format!("evt_{number}")).collect();
        let mut journey = Journey::new(Choice::Named(ids), true);
        let told = |count: usize| {
            let event = json!({ "event": "evt_1", "effect": "nothing" });
            answer(json!({ "executed": true, "events": vec![event; count], "left": 100 - count }))
        };
        let sizes = [60, 90].map(|count| {
            let order = journey.order().unwrap();
            assert_eq!(order["execute"], true);
            journey.go_on_from(&told(count)).unwrap();
            (
                order["events"][0].clone(),
                order["events"].as_array().unwrap().len(),
            )
        });
        assert_eq!(sizes, [(json!("evt_0"), 100), (json!("evt_60"), 90)]);
        assert!(journey.order().is_none());
    }

    #[test]
    fn a_function_that_gets_no_further_is_not_asked_for_ever() {
        let mut named = Journey::new(Choice::Named(vec!["evt_1".to_owned()]), true);
        let idle = answer(json!({ "events": [], "left": 1 }));
        assert!(matches!(named.go_on_from(&idle), Err(Problem::NoProgress)));
        let mut found = Journey::new(Choice::Found("matching", json!({})), false);
        let next = answer(json!({ "events": [], "left": 1, "next": "evt_1" }));
        assert!(!found.go_on_from(&next).unwrap());
        assert_eq!(
            found.order().unwrap()["matching"]["starting_after"],
            "evt_1"
        );
        assert!(matches!(found.go_on_from(&next), Err(Problem::NoProgress)));
        let stuck = answer(json!({ "events": [], "left": 1, "next": null }));
        let mut begun = Journey::new(Choice::Found("matching", json!({})), false);
        assert!(matches!(begun.go_on_from(&stuck), Err(Problem::NoProgress)));
    }
}
