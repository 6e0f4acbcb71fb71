"""Outgoing mail, against the SES API reference (2010-12-01) and the developer guide's pages on quotas, errors and the
mailbox simulator."""

from email.message import EmailMessage

import pytest

TO = "ann@example.com"


@pytest.fixture
def mail(aws, name):
    """A sender whose address is verified."""
    aws.client("ses").verify_email_identity(EmailAddress=f"{name}@example.org")
    return Mail(aws, f"{name}@example.org")


class Mail:
    def __init__(self, aws, sender):
        self.aws, self.ses, self.sender = aws, aws.client("ses"), sender

    def send(self, *to, subject="Hello", body="Hello", **more):
        return self.ses.send_email(**{
            "Source": self.sender,
            "Destination": {"ToAddresses": list(to or [TO])},
            "Message": {"Subject": {"Data": subject}, "Body": {"Text": {"Data": body}}},
            **more,
        })

    def send_raw(self, text, **more):
        raw = text if isinstance(text, bytes) else text.encode()
        return self.ses.send_raw_email(RawMessage={"Data": raw}, **more)

    def letter(self, **headers):
        letter = EmailMessage()
        headers = {"From": self.sender, "To": TO, "Subject": "Grüße", **headers}
        for header, value in headers.items():
            if value:
                letter[header] = value
        letter.set_content("Schöne Grüße")
        letter.add_alternative("<p>Schöne Grüße</p>", subtype="html")
        return letter.as_bytes()

    def sent_today(self):
        return self.ses.get_send_quota()["SentLast24Hours"]


def test_a_mail_is_taken_under_an_identifier_of_its_own(mail):
    first, second = mail.send(), mail.send()
    assert first["MessageId"] and first["MessageId"] != second["MessageId"]


def test_a_sender_may_have_a_name(mail):
    assert mail.send(Source=f"Linky <{mail.sender}>")["MessageId"]


def test_copies_and_answers_may_be_addressed(mail):
    destination = {"ToAddresses": [TO], "CcAddresses": ["bob@example.com"], "BccAddresses": ["eve@example.com"]}
    assert mail.send(Destination=destination, ReplyToAddresses=["help@example.org"])["MessageId"]


def test_a_sender_that_is_not_verified_is_rejected(mail, refused):
    with refused("MessageRejected", "Email address is not verified"):
        mail.send(Source="stranger@elsewhere.example")


def test_a_rejection_names_the_identity_and_the_region(mail, refused):
    words = "The following identities failed the check in region US-EAST-1: stranger@elsewhere.example"
    with refused("MessageRejected", words):
        mail.send(Source="stranger@elsewhere.example")


def test_any_address_of_a_verified_domain_may_send(aws, name):
    aws.client("ses").verify_domain_identity(Domain=f"{name}.example")
    assert Mail(aws, f"anybody@{name}.example").send()["MessageId"]


def test_an_address_needs_a_domain(mail, refused):
    with refused("InvalidParameterValue", "Missing final '@domain'"):
        mail.send("ann")


def test_an_address_has_no_blanks(mail, refused):
    with refused("InvalidParameterValue"):
        mail.send("an n@example.com")


def test_a_local_part_is_ascii(mail, refused):
    with refused("InvalidParameterValue", "Local address contains control or whitespace"):
        mail.send("änn@example.com")


def test_a_mail_has_a_recipient(mail, refused):
    with refused("InvalidParameterValue"):
        mail.send(Destination={})


def test_a_mail_has_at_most_fifty_recipients(mail, refused):
    assert mail.send(*(f"a{number}@example.com" for number in range(50)))["MessageId"]
    with refused("InvalidParameterValue", "Recipient count exceeds 50"):
        mail.send(*(f"a{number}@example.com" for number in range(51)))


def test_every_recipient_counts_towards_the_quota(mail):
    before = mail.sent_today()
    mail.send("ann@example.com", "bob@example.com")
    assert mail.sent_today() == before + 2


def test_a_day_later_a_mail_no_longer_counts(mail):
    mail.send()
    mail.aws.leap(86_400)
    assert mail.sent_today() == 0


def test_the_quota_is_told(mail):
    quota = mail.ses.get_send_quota()
    assert quota["Max24HourSend"] >= 200
    assert quota["MaxSendRate"] >= 1
    assert quota["SentLast24Hours"] >= 0


def test_more_mails_a_second_than_allowed_are_throttled(mail, refused):
    mail.aws.leap(2)
    rate = int(mail.ses.get_send_quota()["MaxSendRate"])
    for _ in range(rate):
        mail.send()
    with refused("Throttling", "Maximum sending rate exceeded"):
        mail.send()
    mail.aws.leap(1)
    assert mail.send()["MessageId"]


def test_a_raw_mail_is_taken_as_its_headers_say(mail):
    before = mail.sent_today()
    assert mail.send_raw(mail.letter(Cc="bob@example.com"))["MessageId"]
    assert mail.sent_today() == before + 2


def test_the_destinations_of_a_request_come_before_those_of_the_headers(mail):
    before = mail.sent_today()
    assert mail.send_raw(mail.letter(Cc="bob@example.com"), Source=mail.sender, Destinations=[TO])["MessageId"]
    assert mail.sent_today() == before + 1


def test_a_raw_mail_without_a_sender_is_refused(mail, refused):
    with refused("InvalidParameterValue", "Missing required header 'From'"):
        mail.send_raw(mail.letter(From=None), Destinations=[TO])


def test_a_raw_mail_from_a_sender_that_is_not_verified_is_rejected(mail, refused):
    with refused("MessageRejected", "Email address is not verified"):
        mail.send_raw(mail.letter(From="stranger@elsewhere.example"))


@pytest.mark.parametrize("local", ["success", "bounce", "complaint", "suppressionlist", "ooto", "bounce+label"])
def test_the_mailbox_simulator_takes_every_mail(mail, local):
    assert mail.send(f"{local}@simulator.amazonses.com")["MessageId"]
