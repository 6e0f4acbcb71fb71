//! Door: mail, through Amazon SES. What a mail says is decided without it, by [`render`].
//!
//! SES takes a mail at least once, never exactly once: an answer may be lost after it was taken. Who asks twice sends
//! twice, so the outbox asks again only where it must. No address and no word of a mail is ever logged.

mod letter;
mod render;
#[cfg(test)]
mod tests;

use std::fmt;

use aws_sdk_ses::Client;
use aws_sdk_ses::error::{BuildError, ProvideErrorMetadata, SdkError};
use aws_sdk_ses::operation::send_email::SendEmailError;
use aws_sdk_ses::types::{Body, Content, Destination, Message, MessageTag};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub use self::letter::NAME_CHARS_MAX;
pub use self::render::{Addressee, Links, Rendered, render, subject};
use crate::aws::Aws;
use crate::config::Env;
use crate::error::{Error, ErrorKind};
use crate::lambda::Platform;

/// Longest address, in characters: what a mail server has to take (RFC 5321, section 4.5.3.1.3).
pub const ADDRESS_CHARS_MAX: usize = 254;

/// The tag of a mail that names it, so that what SES tells of it later can be put to it.
pub const TAG: &str = "mail_id";

/// Why a mail was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// What is named is not fit to be sent. Nothing was.
    #[error("{0} is not fit for a mail")]
    Malformed(&'static str),
    /// SES does not take this mail: the address, most likely.
    #[error("the mail was rejected")]
    Rejected,
    /// More mails than the account may send a second or a day.
    #[error("mail is throttled")]
    Throttled,
    /// The account, the sender's domain or the function's role does not allow sending: somebody has to act.
    #[error("sending mail is not allowed: look at the SES account and its verified sender")]
    NotAllowed,
    /// SES did not answer, or failed. It may have taken the mail.
    #[error("the mail service is unavailable")]
    Unavailable,
}

impl MailError {
    /// Whether the same mail may be taken later. `NotAllowed` counts: once mended, what is owed is still to be sent.
    pub const fn retryable(self) -> bool {
        match self {
            Self::Throttled | Self::NotAllowed | Self::Unavailable => true,
            Self::Malformed(_) | Self::Rejected => false,
        }
    }
}

/// An address a mail can be sent to. It does not print itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    /// Takes an address as SES does: ASCII, one `@`, neither spaces nor what would end a header or add a recipient.
    pub fn parse(text: &str) -> Result<Self, MailError> {
        let is_fit = |byte: u8| byte.is_ascii_graphic() && !br#"<>()[]\,;:""#.contains(&byte);
        let parts = text.split_once('@');
        let has_parts = parts.is_some_and(|(person, domain)| {
            !person.is_empty() && domain.contains('.') && !domain.contains('@')
        });
        if has_parts && text.len() <= ADDRESS_CHARS_MAX && text.bytes().all(is_fit) {
            Ok(Self(text.to_owned()))
        } else {
            Err(MailError::Malformed("the address"))
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Address(redacted)")
    }
}

/// Sends mails from one sender.
#[derive(Debug, Clone)]
pub struct Mailer {
    ses: Client,
    from: String,
    /// What SES tells of its mails goes where this set says.
    configuration_set: String,
}

impl From<MailError> for Error {
    fn from(error: MailError) -> Self {
        match error {
            MailError::Malformed(_) | MailError::Rejected => Self {
                inner: error.to_string(),
                ..Self::invalid("mail_rejected", "The mail cannot be sent to this address.")
            },
            // Told apart from the others: whoever has more to send stops here.
            MailError::Throttled => Self {
                inner: error.to_string(),
                ..Self::new(
                    ErrorKind::TooMany,
                    "mail_throttled",
                    "Too many mails are being sent; please try again later.",
                )
            },
            MailError::NotAllowed | MailError::Unavailable => Self::unavailable(error),
        }
    }
}

impl Mailer {
    /// Sends as the environment's `MAIL_FROM`.
    ///
    /// # Errors
    /// `Internal`, where a setting is missing or is no sender.
    pub fn of(env: &Env, platform: &Platform) -> Result<Self, Error> {
        let ses = Aws::of(env, platform)?.ses();
        let configuration_set = env.required("MAIL_CONFIGURATION_SET")?;
        Self::new(ses, &env.required("MAIL_FROM")?, configuration_set)
            .map_err(|error| Error::internal(error).while_doing("read MAIL_FROM"))
    }

    /// Sends as `from`: an address, or a name with the address in angle brackets.
    pub fn new(ses: Client, from: &str, configuration_set: String) -> Result<Self, MailError> {
        let (name, address) = match from
            .strip_suffix('>')
            .and_then(|from| from.rsplit_once('<'))
        {
            Some((name, address)) => (name, address),
            None => ("", from),
        };
        let plain_name = name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b' ');
        if !plain_name || Address::parse(address).is_err() {
            return Err(MailError::Malformed("the sender"));
        }
        Ok(Self {
            ses,
            from: from.to_owned(),
            configuration_set,
        })
    }

    /// Hands one mail to SES, tagged with our [`TAG`]. Answers SES's own id.
    pub async fn send(
        &self,
        to: &Address,
        mail: &Rendered,
        mail_id: &str,
    ) -> Result<String, MailError> {
        let unfit = |_: BuildError| MailError::Malformed("the mail");
        let content = |text: &str| Content::builder().charset("UTF-8").data(text).build();
        let body = Body::builder()
            .html(content(&mail.html).map_err(unfit)?)
            .text(content(&mail.text).map_err(unfit)?)
            .build();
        let subject = content(&mail.subject).map_err(unfit)?;
        let tag = MessageTag::builder().name(TAG).value(tag_of(mail_id));
        let answer = self
            .ses
            .send_email()
            .source(&self.from)
            .destination(Destination::builder().to_addresses(&to.0).build())
            .message(Message::builder().subject(subject).body(body).build())
            .tags(tag.build().map_err(unfit)?)
            .configuration_set_name(&self.configuration_set)
            .send()
            .await
            .map_err(|error| classified(&error))?;
        Ok(answer.message_id)
    }
}

/// The tag of a mail. SES takes 256 letters, digits, `_` and `-` (its API reference, `MessageTag`, read in November 2026), of
/// which none of our ids needs more than half.
pub fn tag_of(mail_id: &str) -> String {
    URL_SAFE_NO_PAD.encode(mail_id)
}

/// The mail of a tag; none where it is none of ours.
pub fn mail_of_tag(tag: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(tag).ok()?).ok()
}

fn classified<R>(error: &SdkError<SendEmailError, R>) -> MailError {
    match error.code() {
        Some("MessageRejected" | "InvalidParameterValue") => MailError::Rejected,
        Some("Throttling" | "ThrottlingException" | "TooManyRequestsException") => {
            MailError::Throttled
        }
        Some(
            "AccessDenied"
            | "AccessDeniedException"
            | "AccountSendingPausedException"
            | "ConfigurationSetDoesNotExist"
            | "ConfigurationSetSendingPausedException"
            | "MailFromDomainNotVerifiedException",
        ) => MailError::NotAllowed,
        _ => MailError::Unavailable,
    }
}
