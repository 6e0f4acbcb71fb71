//! Addresses of mail, as SES reads them.

/// Why SES does not take `address`, which may have a name before it: in its words, or nothing where it does.
pub(super) fn fault(address: &str) -> Option<&'static str> {
    let unfit = |text: &str| {
        !text.is_ascii()
            || text.contains(|letter: char| letter.is_whitespace() || letter.is_control())
    };
    let bare = bare(address);
    let Some((local, domain)) = bare.rsplit_once('@') else {
        return Some("Missing final '@domain'");
    };
    if local.is_empty() {
        Some("Missing local name")
    } else if unfit(local) {
        Some("Local address contains control or whitespace")
    } else if local.contains(['@', '(', ')', '<', '>', ',', ';', ':', '\\', '"', '[', ']']) {
        Some("Local address contains illegal character")
    } else if domain.is_empty() {
        Some("Missing domain")
    } else if domain.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
        Some("Domain contains control or whitespace")
    } else if domain.starts_with('.') {
        Some("Domain starts with dot")
    } else if domain.contains("..") {
        Some("Domain contains dot-dot")
    } else if domain
        .contains(|letter: char| !letter.is_ascii_alphanumeric() && !"-.".contains(letter))
    {
        Some("Domain contains illegal character")
    } else if !domain.contains('.') {
        Some("Illegal address")
    } else {
        None
    }
}

/// `billing@uselinky.app` of `Linky <billing@uselinky.app>`.
pub(super) fn bare(address: &str) -> &str {
    match (address.rfind('<'), address.rfind('>')) {
        (Some(open), Some(close)) if open < close => &address[open + 1..close],
        _ => address.trim(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_refused_in_the_words_of_ses() {
        for (address, expected) in [
            ("ann@example.com", None),
            ("Ann B <ann+tag@mail.example.com>", None),
            ("ann", Some("Missing final '@domain'")),
            ("", Some("Missing final '@domain'")),
            ("@example.com", Some("Missing local name")),
            (
                "an n@example.com",
                Some("Local address contains control or whitespace"),
            ),
            (
                "änn@example.com",
                Some("Local address contains control or whitespace"),
            ),
            (
                "a@b@example.com",
                Some("Local address contains illegal character"),
            ),
            ("ann@", Some("Missing domain")),
            (
                "ann@ex ample.com",
                Some("Domain contains control or whitespace"),
            ),
            ("ann@.example.com", Some("Domain starts with dot")),
            ("ann@example..com", Some("Domain contains dot-dot")),
            ("ann@exämple.com", Some("Domain contains illegal character")),
            ("ann@localhost", Some("Illegal address")),
        ] {
            assert_eq!(fault(address), expected, "{address}");
        }
    }
}
