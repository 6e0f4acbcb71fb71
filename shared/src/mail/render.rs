//! A mail's words in their two dresses: HTML in Linky's colours and plain text. One source for both, so that neither says
//! what the other does not.

use askama::Template;

use super::MailError;
use super::letter::{Letter, Place, greeting};
use crate::config::Env;
use crate::error::Error;
use crate::outbox::MailKind;
use crate::plan::Catalogue;
use crate::secret::Secret;

/// Where mails link to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    account_url: String,
    portal_url: String,
    support_url: String,
}

impl Links {
    /// The environment's `ACCOUNT_URL`, `PORTAL_URL` and `SUPPORT_URL`.
    ///
    /// # Errors
    /// `Internal`, where a setting is missing or is no link.
    pub fn of(env: &Env) -> Result<Self, Error> {
        Self::new(
            &env.required("ACCOUNT_URL")?,
            &env.required("PORTAL_URL")?,
            &env.required("SUPPORT_URL")?,
        )
        .map_err(|error| {
            Error::internal(error).while_doing("read ACCOUNT_URL, PORTAL_URL and SUPPORT_URL")
        })
    }

    /// Takes where a customer's account is, where the portal is, and where questions are answered, which may be a `mailto:`.
    pub fn new(account_url: &str, portal_url: &str, support_url: &str) -> Result<Self, MailError> {
        let is_web = |url: &str| url.starts_with("https://") || url.starts_with("http://");
        let is_clean =
            |url: &str| !url.contains(|letter: char| letter.is_whitespace() || letter.is_control());
        let fits = is_web(account_url)
            && is_web(portal_url)
            && (is_web(support_url) || support_url.starts_with("mailto:"));
        if fits
            && [account_url, portal_url, support_url]
                .into_iter()
                .all(is_clean)
        {
            Ok(Self {
                account_url: account_url.to_owned(),
                portal_url: portal_url.to_owned(),
                support_url: support_url.to_owned(),
            })
        } else {
            Err(MailError::Malformed("a link"))
        }
    }

    fn to(&self, place: Place) -> String {
        match place {
            Place::Account => self.account_url.clone(),
            Place::Portal(page) => format!("{}{page}", self.portal_url),
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

#[derive(Template)]
#[template(path = "letter.html")]
struct Html<'a> {
    letter: &'a Letter,
    greeting: &'a str,
    url: &'a str,
    links: &'a Links,
}

#[derive(Template)]
#[template(path = "letter.txt")]
struct Text<'a> {
    letter: &'a Letter,
    greeting: &'a str,
    url: &'a str,
    links: &'a Links,
}

/// Whom a mail is written to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Addressee<'a> {
    /// What they are called.
    pub name: Option<&'a str>,
    /// What the link of a mail that lets somebody in holds, and nobody else may know.
    pub token: Option<&'a Secret>,
}

/// Writes a mail.
pub fn render(
    kind: MailKind,
    to: Addressee<'_>,
    catalogue: &Catalogue,
    links: &Links,
) -> Result<Rendered, MailError> {
    let letter = &Letter::about(kind, catalogue);
    let greeting = &greeting(to.name);
    let url = &links.to(letter.leads_to);
    // Behind the #, so that no server on the way and no log of one sees it.
    let url = &to
        .token
        .map_or_else(|| url.clone(), |token| format!("{url}#{}", token.reveal()));
    let html = Html {
        letter,
        greeting,
        url,
        links,
    };
    let text = Text {
        letter,
        greeting,
        url,
        links,
    };
    let unfit = |_: askama::Error| MailError::Malformed("the template");
    Ok(Rendered {
        subject: one_line(&letter.subject)?,
        html: html.render().map_err(unfit)?,
        text: text.render().map_err(unfit)?,
    })
}

/// What a mail is about, as its subject says.
pub fn subject(kind: MailKind, catalogue: &Catalogue) -> String {
    Letter::about(kind, catalogue).subject
}

/// A line break in a subject would begin a header of its own.
pub(super) fn one_line(subject: &str) -> Result<String, MailError> {
    if subject.contains(char::is_control) {
        Err(MailError::Malformed("the subject"))
    } else {
        Ok(subject.to_owned())
    }
}
