//! A mail of `SendRawEmail`: read as a mail program reads it, so that it can be shown.

use mail_parser::{Address, Message, MessageParser, PartType};

/// The largest raw mail the API of 2010-12-01 takes, in bytes (its page on quotas, read November 2026).
pub(super) const BYTES_MAX: usize = 10 * 1024 * 1024;

/// What the mail itself says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Raw {
    pub(super) from: Option<String>,
    /// To, copy and blind copy, in this order.
    pub(super) recipients: Vec<String>,
    pub(super) reply_to: Vec<String>,
    pub(super) subject: String,
    pub(super) text: Option<String>,
    pub(super) html: Option<String>,
}

/// Reads `bytes`. What is no mail at all says nothing.
pub(super) fn read(bytes: &[u8]) -> Raw {
    let Some(mail) = MessageParser::default().parse(bytes) else {
        return Raw::default();
    };
    let recipients = [mail.to(), mail.cc(), mail.bcc()];
    let recipients = recipients.into_iter().flatten().flat_map(addresses);
    Raw {
        from: mail
            .from()
            .and_then(|from| addresses(from).into_iter().next()),
        recipients: recipients.collect(),
        reply_to: mail.reply_to().map(addresses).unwrap_or_default(),
        subject: mail.subject().unwrap_or_default().to_owned(),
        text: text(&mail),
        html: html(&mail),
    }
}

/// The first text that was sent as one: the parser would make one of the HTML too.
fn text(mail: &Message<'_>) -> Option<String> {
    mail.text_bodies().find_map(|part| match &part.body {
        PartType::Text(text) => Some(text.clone().into_owned()),
        _ => None,
    })
}

fn html(mail: &Message<'_>) -> Option<String> {
    mail.html_bodies().find_map(|part| match &part.body {
        PartType::Html(html) => Some(html.clone().into_owned()),
        _ => None,
    })
}

fn addresses(header: &Address<'_>) -> Vec<String> {
    let written = header.iter().filter_map(|one| {
        let address = one.address()?;
        Some(match one.name() {
            Some(name) => format!("{name} <{address}>"),
            None => address.to_owned(),
        })
    });
    written.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoded_words_parts_and_transfer_encodings_are_read() {
        let mail = "From: =?UTF-8?Q?J=C3=BCrgen?= <billing@uselinky.app>\r\n\
            To: Ann <ann@example.com>, bob@example.com\r\n\
            Cc: eve@example.com\r\n\
            Reply-To: help@uselinky.app\r\n\
            Subject: =?utf-8?B?R3LDvMOfZQ==?=\r\n =?iso-8859-1?Q?_f=FCr_dich?=\r\n\
            MIME-Version: 1.0\r\n\
            Content-Type: multipart/alternative; boundary=\"b\"\r\n\r\n\
            --b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
            Sch=C3=B6n=20=\r\nhier\r\n\
            --b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n\
            PHA+U2Now7ZuPC9wPg==\r\n--b--\r\n";
        assert_eq!(
            read(mail.as_bytes()),
            Raw {
                from: Some("Jürgen <billing@uselinky.app>".to_owned()),
                recipients: [
                    "Ann <ann@example.com>",
                    "bob@example.com",
                    "eve@example.com"
                ]
                .map(str::to_owned)
                .to_vec(),
                reply_to: vec!["help@uselinky.app".to_owned()],
                subject: "Grüße für dich".to_owned(),
                text: Some("Schön hier".to_owned()),
                html: Some("<p>Schön</p>".to_owned()),
            }
        );
    }

    #[test]
    fn a_mail_of_one_part_has_only_that_and_nonsense_is_no_error() {
        let plain = read(b"Subject: Hello\r\n\r\nText");
        assert_eq!((plain.text.as_deref(), plain.html), (Some("Text"), None));
        let html = read(b"Content-Type: text/html\r\n\r\n<b>Hi</b>");
        assert_eq!((html.text, html.html.as_deref()), (None, Some("<b>Hi</b>")));
        for nonsense in [
            &b""[..],
            b"\xff\xfe",
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b",
        ] {
            assert_eq!(read(nonsense).from, None);
        }
    }
}
