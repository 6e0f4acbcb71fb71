//! The resolved properties of one resource, read with errors that say where to look and what to write.

use serde_json::Value;

use super::TemplateError;

/// The properties of `resource` in `file`.
#[derive(Debug)]
pub(super) struct Properties {
    pub(super) file: String,
    pub(super) resource: String,
    pub(super) value: Value,
}

impl Properties {
    /// A text.
    pub(super) fn text(&self, property: &str) -> Result<&str, TemplateError> {
        let value = self.value[property].as_str();
        value.ok_or_else(|| self.wrong(property, "is not a text; write one"))
    }

    /// A positive whole number.
    pub(super) fn number(&self, property: &str) -> Result<u32, TemplateError> {
        let value = self.value[property].as_u64().filter(|value| *value > 0);
        value
            .and_then(|value| u32::try_from(value).ok())
            .ok_or_else(|| self.wrong(property, "is not a positive whole number; write one"))
    }

    /// An error about one property: `what` says what is wrong and how to mend it.
    pub(super) fn wrong(&self, property: &str, what: &str) -> TemplateError {
        TemplateError(format!(
            "{}: {}: {property} {what}",
            self.file, self.resource
        ))
    }
}
