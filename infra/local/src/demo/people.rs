//! Names and addresses of people who do not exist, at domains that are kept for examples (RFC 2606).

use std::collections::BTreeSet;

use fastrand::Rng;

/// Somebody who signs up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) email: String,
}

const FIRST: [&str; 48] = [
    "Ada", "Amara", "Andre", "Aisha", "Ben", "Bianca", "Carlos", "Chloe", "Daniel", "Divya",
    "Elena", "Emeka", "Farid", "Fiona", "Grace", "Hana", "Hugo", "Ines", "Isaac", "Jasmine",
    "Jonas", "Kavya", "Kofi", "Lara", "Liam", "Lucia", "Malik", "Maya", "Mei", "Nadia", "Noah",
    "Olga", "Omar", "Priya", "Quinn", "Rafael", "Rosa", "Samir", "Sofia", "Tariq", "Thea", "Uma",
    "Victor", "Wen", "Ximena", "Yara", "Yusuf", "Zoe",
];

const LAST: [&str; 48] = [
    "Abara",
    "Andersson",
    "Baptiste",
    "Bauer",
    "Becker",
    "Castillo",
    "Chen",
    "Cohen",
    "Costa",
    "Diallo",
    "Dubois",
    "Eriksen",
    "Farouk",
    "Fischer",
    "Garcia",
    "Gupta",
    "Haddad",
    "Hansen",
    "Ibrahim",
    "Ivanova",
    "Jansen",
    "Johnson",
    "Kaplan",
    "Kim",
    "Kowalski",
    "Lange",
    "Lopez",
    "Martin",
    "Mensah",
    "Moreau",
    "Nakamura",
    "Novak",
    "O'Brien",
    "Okafor",
    "Park",
    "Patel",
    "Petrov",
    "Quist",
    "Reyes",
    "Rossi",
    "Santos",
    "Schmidt",
    "Silva",
    "Tanaka",
    "Usman",
    "Vargas",
    "Weber",
    "Yilmaz",
];

const DOMAINS: [&str; 4] = ["example.com", "example.com", "example.org", "example.net"];

/// `count` people, no two with the same name.
pub(super) fn people(rng: &mut Rng, count: usize) -> Vec<Person> {
    let mut taken = BTreeSet::new();
    let mut people = Vec::with_capacity(count);
    // There are many more names than are asked for, so a free one is soon found.
    while people.len() < count.min(FIRST.len() * LAST.len() / 2) {
        let (first, last) = (pick(rng, &FIRST), pick(rng, &LAST));
        if taken.insert((first, last)) {
            people.push(person(first, last, pick(rng, &DOMAINS)));
        }
    }
    people
}

fn person(first: &str, last: &str, domain: &str) -> Person {
    let address = format!("{first}.{last}@{domain}").to_lowercase();
    Person {
        name: format!("{first} {last}"),
        email: address.replace('\'', ""),
    }
}

fn pick<'a>(rng: &mut Rng, from: &[&'a str]) -> &'a str {
    from[rng.usize(..from.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_people_share_an_address_and_each_is_at_an_example_domain() {
        let people = people(&mut Rng::with_seed(1), 300);
        let addresses: BTreeSet<&str> = people.iter().map(|person| person.email.as_str()).collect();
        assert_eq!(addresses.len(), 300);
        let is_example = |address: &&str| address.contains("@example.");
        assert!(addresses.iter().all(is_example), "{addresses:?}");
    }

    #[test]
    fn an_apostrophe_stands_in_the_name_and_not_in_the_address() {
        let person = person("Liam", "O'Brien", "example.com");
        assert_eq!(person.name, "Liam O'Brien");
        assert_eq!(person.email, "liam.obrien@example.com");
    }
}
