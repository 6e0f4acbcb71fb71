//! Whether what is asked for can be: the settings are those of its kind, and within bounds.

use super::ask::Ask;
use super::kinds::{Kind, Setting};

/// Longest window, in seconds of the sandbox's time: a year.
const FOR_S_MAX: u64 = 366 * 86_400;

impl Ask {
    /// Refuses what says nothing or too much. `functions` are those deployed.
    pub(super) fn fits(&self, kind: &Kind, functions: &[&str]) -> Result<(), String> {
        self.settings_fit(kind)?;
        self.limits_fit()?;
        let mut named = self.function.iter();
        match named.find(|function| !functions.contains(&function.as_str())) {
            None => Ok(()),
            Some(function) => Err(format!(
                "there is no function {function:?}; write \"function\" as one of {}",
                functions.join(", ")
            )),
        }
    }

    pub(super) fn given(&self) -> [(&'static str, Option<u64>); 6] {
        [
            ("delay_s", self.delay_s),
            ("within_s", self.within_s),
            ("count", self.count),
            ("copies", self.copies),
            ("delay_ms", self.delay_ms),
            ("call", self.call),
        ]
    }

    /// Refuses settings that this kind does not have: whoever writes one means another fault.
    fn settings_fit(&self, kind: &Kind) -> Result<(), String> {
        let fits = |name: &str| kind.settings.iter().any(|setting| setting.name == name);
        let webhooks = kind.on == "webhooks";
        let limited = kind.on != "function";
        let strange = [
            ("event_type", self.event_type.is_some() && !webhooks),
            ("function", self.function.is_some() && webhooks),
            (
                "operation",
                self.operation.is_some() && (webhooks || !limited),
            ),
            (
                "api_version",
                self.api_version.is_some() && !fits("api_version"),
            ),
            ("times", self.times.is_some() && !limited),
            ("percent", self.percent.is_some() && !limited),
            ("for_s", self.for_s.is_some() && !limited),
            ("seed", self.seed.is_some() && self.percent.is_none()),
        ];
        let given = self
            .given()
            .map(|(name, value)| (name, value.is_some() && !fits(name)));
        let mut wrong = strange.into_iter().chain(given).filter(|(_, wrong)| *wrong);
        let Some((name, _)) = wrong.next() else {
            return Ok(());
        };
        if name == "seed" {
            return Err(
                "\"seed\" says which calls \"percent\" strikes; write \"percent\" too".to_owned(),
            );
        }
        let names: Vec<String> = kind
            .settings
            .iter()
            .map(|it| format!("{:?}", it.name))
            .collect();
        let has = if names.is_empty() {
            "it has no settings of its own".to_owned()
        } else {
            format!("it has {}", names.join(" and "))
        };
        Err(format!(
            "{name:?} says nothing about {} {}; leave it out ({has})",
            kind.on, kind.fault
        ))
    }

    fn limits_fit(&self) -> Result<(), String> {
        if self.times == Some(0) {
            return Err("\"times\" 0 strikes nothing; write 1 or more, or leave it out".to_owned());
        }
        if self
            .percent
            .is_some_and(|percent| !(1..=100).contains(&percent))
        {
            return Err("\"percent\" is from 1 to 100".to_owned());
        }
        if self
            .for_s
            .is_some_and(|seconds| !(1..=FOR_S_MAX).contains(&seconds))
        {
            return Err(format!(
                "\"for_s\" is from 1 to {FOR_S_MAX} seconds, which is a year"
            ));
        }
        for (name, text) in [
            ("event_type", &self.event_type),
            ("operation", &self.operation),
            ("api_version", &self.api_version),
        ] {
            if text.as_ref().is_some_and(|text| text.trim().is_empty()) {
                return Err(format!("{name:?} is empty; leave it out to mean all"));
            }
        }
        Ok(())
    }
}

impl Setting {
    pub(super) fn checked(&self, value: u64) -> Result<u64, String> {
        if (self.min..=self.max).contains(&value) {
            Ok(value)
        } else {
            Err(format!(
                "{:?} is from {} to {}",
                self.name, self.min, self.max
            ))
        }
    }
}
