//! A mail's words in their two dresses: HTML in Linky's colours and plain text. One source for both, so that neither says
//! what the other does not.

use askama::Template;

use super::MailError;
use super::message::Message;

/// Where mails link to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    portal_url: String,
    support_url: String,
}

impl Links {
    /// Takes the portal's address and the one that answers questions; the latter may be a `mailto:`.
    pub fn new(portal_url: &str, support_url: &str) -> Result<Self, MailError> {
        let is_web = |url: &str| url.starts_with("https://") || url.starts_with("http://");
        let is_clean =
            |url: &str| !url.contains(|letter: char| letter.is_whitespace() || letter.is_control());
        let fits =
            is_web(portal_url) && (is_web(support_url) || support_url.starts_with("mailto:"));
        if fits && is_clean(portal_url) && is_clean(support_url) {
            Ok(Self {
                portal_url: portal_url.to_owned(),
                support_url: support_url.to_owned(),
            })
        } else {
            Err(MailError::Malformed("a link"))
        }
    }
}

/// A mail ready to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// For most.
    pub html: String,
    /// For those who read text, and for filters that distrust mail without it.
    pub text: String,
}

/// Without its words: they are about a person.
impl std::fmt::Debug for Rendered {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Rendered").finish_non_exhaustive()
    }
}

/// What a mail says, in no dress.
#[derive(Debug, Default)]
pub(super) struct Letter {
    pub(super) subject: String,
    pub(super) greeting: String,
    pub(super) paragraphs: Vec<String>,
    pub(super) rows: Vec<(&'static str, String)>,
    pub(super) button: &'static str,
    pub(super) button_url: String,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Html<'a> {
    letter: &'a Letter,
    support_url: &'a str,
}

#[derive(Template)]
#[template(path = "letter.txt")]
struct Text<'a> {
    letter: &'a Letter,
    support_url: &'a str,
}

/// Writes `message` to the person called `name`.
pub fn render(message: &Message, name: Option<&str>, links: &Links) -> Result<Rendered, MailError> {
    let letter = message.letter(name, &links.portal_url);
    // A line break in a subject would begin a header of its own.
    if letter.subject.contains(char::is_control) {
        return Err(MailError::Malformed("the subject"));
    }
    let support_url = links.support_url.as_str();
    let letter = &letter;
    let html = Html {
        letter,
        support_url,
    }
    .render();
    let text = Text {
        letter,
        support_url,
    }
    .render();
    match (html, text) {
        (Ok(html), Ok(text)) => Ok(Rendered {
            subject: letter.subject.clone(),
            html,
            text,
        }),
        _ => Err(MailError::Malformed("the template")),
    }
}
