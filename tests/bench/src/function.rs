//! A built function as its own process, fed by a Lambda Runtime API of ours: what it takes to start, and what each event
//! takes then.

pub(crate) mod usage;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::figures::percentile;
use tests::process::{ANSWER_MAX, Process, RuntimeApi};

/// How a function is started.
pub(crate) struct Start<'a> {
    /// Its binary.
    pub(crate) program: &'a Path,
    /// Its environment, together with what Lambda adds.
    pub(crate) environment: &'a BTreeMap<String, String>,
    /// How long an event may take, as far as it is told.
    pub(crate) timeout: Duration,
}

/// What a run of events took.
pub(crate) struct Run {
    /// User and system time of the process for each event. Only where the system tells, which is Linux.
    pub(crate) cpu_per_event: Option<Duration>,
    /// From the event's handing over to its answer.
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
    /// All events, one after another.
    pub(crate) elapsed: Duration,
    /// The most memory it ever held, in bytes. Only on Linux.
    pub(crate) memory_bytes: Option<u64>,
}

impl Start<'_> {
    fn spawn(&self, api: &RuntimeApi) -> Result<Process, String> {
        Process::start(self.program, self.environment, api)
    }

    /// From the start of a fresh process to its first answer.
    pub(crate) async fn cold(&self, event: &Value) -> Result<(Duration, Value), String> {
        let mut api = RuntimeApi::serve(self.timeout).await?;
        api.hand_over(event)?;
        let started = Instant::now();
        let process = self.spawn(&api)?;
        let answered = api.answer(ANSWER_MAX).await?;
        drop(process);
        Ok((answered.at - started, answered.body))
    }

    /// Hands `events` over one at a time, as Lambda does, after a few to warm up; `check` looks at each answer.
    pub(crate) async fn run(
        &self,
        warm_up: &[Value],
        events: &[Value],
        check: impl Fn(&Value) -> Result<(), String>,
    ) -> Result<Run, String> {
        let mut api = RuntimeApi::serve(self.timeout).await?;
        let process = self.spawn(&api)?;
        let id = process.id();
        for event in warm_up {
            api.hand_over(event)?;
            check(&api.answer(ANSWER_MAX).await?.body)?;
        }
        let before = usage::cpu(id);
        let started = Instant::now();
        let mut times = Vec::with_capacity(events.len());
        for event in events {
            api.hand_over(event)?;
            let answered = api.answer(ANSWER_MAX).await?;
            check(&answered.body)?;
            times.push(answered.took);
        }
        let elapsed = started.elapsed();
        times.sort();
        let count = u32::try_from(events.len()).unwrap_or(u32::MAX).max(1);
        Ok(Run {
            cpu_per_event: usage::cpu(id)
                .zip(before)
                .map(|(after, before)| (after - before) / count),
            p50: percentile(&times, 50),
            p99: percentile(&times, 99),
            elapsed,
            memory_bytes: usage::memory_bytes(id),
        })
    }
}
