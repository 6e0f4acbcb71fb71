//! Who may do what: calls that the caller's role does not allow are refused as AWS refuses them.

use std::sync::Arc;

use super::answer::{Answer, json_error, xml_answer};
use super::call::{Call, Service};
use super::sns;

/// Says why a call is not allowed, or nothing where it is.
pub type Guard = Arc<dyn Fn(&Call) -> Option<String> + Send + Sync>;

/// The refusal of `call`, if it has a caller and `guard` does not allow it.
pub(super) fn refused(guard: Option<&Guard>, call: &Call) -> Option<Answer> {
    let guard = guard.filter(|_| !call.caller.is_empty())?;
    let words = guard(call)?;
    tracing::error!(
        caller = &*call.caller,
        operation = call.operation,
        "access denied: {words}"
    );
    Some(match call.service {
        Service::Ses => xml_answer(
            403,
            format!(
                "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>{words}</Message></Error>\
                 </ErrorResponse>"
            ),
        ),
        Service::Sns => sns::error(403, "AuthorizationError", &words),
        _ => json_error(400, "AccessDeniedException", &words),
    })
}
