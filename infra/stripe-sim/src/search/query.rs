//! Reading a search query, and asking it about an object.

use serde_json::Value;

use crate::error::StripeError;

use super::{Nature, Searchable};

/// Most clauses in one query.
const CLAUSES_MAX: usize = 10;

/// Fewest characters that `~` looks for.
const SUBSTRING_MIN: usize = 3;

/// Clauses that all hold, or of which one does.
#[derive(Debug, PartialEq)]
pub(crate) struct Query {
    clauses: Vec<Clause>,
    joint: Joint,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    And,
    Or,
}

#[derive(Debug, PartialEq)]
struct Clause {
    negated: bool,
    /// Where the value stands in an object.
    path: Vec<String>,
    test: Test,
}

#[derive(Debug, PartialEq)]
enum Test {
    /// Equal to a text, in lower case: Stripe does not tell letters apart by their case.
    Is(String),
    /// Holds a text, in lower case.
    Holds(String),
    IsNull,
    Compares(Comparison, i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    Above,
    AtLeast,
    Below,
    AtMost,
}

impl Query {
    pub(crate) fn parse(text: &str, searchable: &Searchable) -> Result<Self, StripeError> {
        let mut rest = text.trim_start();
        let mut clauses = Vec::new();
        let mut joint = None;
        loop {
            clauses.push(clause(&mut rest, searchable)?);
            let after = rest.trim_start();
            if after.is_empty() {
                break;
            }
            // Clauses with nothing but a space between them are joined by AND.
            let (next, rest_of_it) = match after.split_once(char::is_whitespace) {
                Some((word, rest)) if word.eq_ignore_ascii_case("and") => (Joint::And, rest),
                Some((word, rest)) if word.eq_ignore_ascii_case("or") => (Joint::Or, rest),
                _ if after.len() < rest.len() => (Joint::And, after),
                _ => return Err(unreadable()),
            };
            if joint.is_some_and(|joint| joint != next) {
                return Err(refused(
                    "You cannot combine `AND` and `OR` operators in the same search query."
                        .to_owned(),
                ));
            }
            joint = Some(next);
            rest = rest_of_it.trim_start();
        }
        if clauses.len() > CLAUSES_MAX {
            return Err(refused(format!(
                "Your search query has too many clauses. Use {CLAUSES_MAX} or fewer."
            )));
        }
        let joint = joint.unwrap_or(Joint::And);
        Ok(Self { clauses, joint })
    }

    pub(crate) fn finds(&self, object: &Value) -> bool {
        let mut clauses = self.clauses.iter();
        match self.joint {
            Joint::And => clauses.all(|clause| clause.holds(object)),
            Joint::Or => clauses.any(|clause| clause.holds(object)),
        }
    }
}

impl Clause {
    fn holds(&self, object: &Value) -> bool {
        // Metadata keys may hold a slash, so a path is walked step by step.
        let value = self
            .path
            .iter()
            .try_fold(object, |here, step| here.get(step));
        let value = value.unwrap_or(&Value::Null);
        let found = match &self.test {
            Test::Is(wanted) => plain(value).is_some_and(|text| text == *wanted),
            Test::Holds(part) => plain(value).is_some_and(|text| text.contains(part)),
            Test::IsNull => value.is_null(),
            Test::Compares(comparison, bound) => value
                .as_i64()
                .is_some_and(|number| comparison.holds(number, *bound)),
        };
        found != self.negated
    }
}

impl Comparison {
    fn holds(self, number: i64, bound: i64) -> bool {
        match self {
            Self::Equal => number == bound,
            Self::Above => number > bound,
            Self::AtLeast => number >= bound,
            Self::Below => number < bound,
            Self::AtMost => number <= bound,
        }
    }
}

/// A text or a flag as the query writes it.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.to_lowercase()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// Where the value of a field stands in an object.
fn path_of(name: &str, searchable: &Searchable) -> Vec<String> {
    let path = match (searchable.kind, name) {
        // Stripe still searches invoices by it, though the field has moved.
        ("invoice", "subscription") => "parent.subscription_details.subscription",
        _ => name,
    };
    path.split('.').map(str::to_owned).collect()
}

/// Reads one clause and leaves what comes after it: `-metadata["key"]:"value"`.
fn clause(rest: &mut &str, searchable: &Searchable) -> Result<Clause, StripeError> {
    let negated = rest.starts_with('-');
    *rest = rest.strip_prefix('-').unwrap_or(rest);
    let name_length = rest
        .find(|letter: char| !letter.is_ascii_alphanumeric() && !"_.".contains(letter))
        .unwrap_or(rest.len());
    let (name, after) = rest.split_at(name_length);
    *rest = after;
    if name.is_empty() {
        return Err(unreadable());
    }
    let (path, nature) = if name == "metadata" {
        let inner = rest.strip_prefix('[').ok_or_else(unreadable)?;
        *rest = inner;
        let key = quoted(rest)?.ok_or_else(unreadable)?;
        *rest = rest.strip_prefix(']').ok_or_else(unreadable)?;
        (vec![name.to_owned(), key], Nature::Text)
    } else {
        // What has no operator is no clause, whatever its name.
        if !rest.starts_with([':', '~', '<', '>', '=']) {
            return Err(unreadable());
        }
        (path_of(name, searchable), nature_of(name, searchable)?)
    };
    let operator = [">=", "<=", ":", "~", ">", "<"]
        .into_iter()
        .find(|operator| rest.starts_with(operator))
        .ok_or_else(unreadable)?;
    *rest = &rest[operator.len()..];
    let (value, in_quotes) = match quoted(rest)? {
        Some(value) => (value, true),
        None => (bare(rest)?, false),
    };
    let test = match (operator, nature) {
        (":", _) if value.eq_ignore_ascii_case("null") && !in_quotes => Test::IsNull,
        (_, Nature::Number) => {
            let number = value.parse().map_err(|_| unreadable())?;
            Test::Compares(
                comparison(operator).ok_or_else(|| unfit(operator, name))?,
                number,
            )
        }
        (":", Nature::Text | Nature::Token) => Test::Is(value.to_lowercase()),
        ("~", Nature::Text) if value.chars().count() < SUBSTRING_MIN => {
            return Err(refused(format!(
                "The `~` operator requires at least {SUBSTRING_MIN} characters."
            )));
        }
        ("~", Nature::Text) => Test::Holds(value.to_lowercase()),
        _ => return Err(unfit(operator, name)),
    };
    Ok(Clause {
        negated,
        path,
        test,
    })
}

fn nature_of(name: &str, searchable: &Searchable) -> Result<Nature, StripeError> {
    let known = searchable.fields.iter().find(|(field, _)| *field == name);
    known.map(|(_, nature)| *nature).ok_or_else(|| {
        let plural = searchable.plural;
        refused(format!(
            "Field `{name}` is an unsupported search field for resource `{plural}`. See \
             http://stripe.com/docs/search#query-fields-for-{plural} for a list of supported fields."
        ))
    })
}

fn comparison(operator: &str) -> Option<Comparison> {
    match operator {
        ":" => Some(Comparison::Equal),
        ">" => Some(Comparison::Above),
        ">=" => Some(Comparison::AtLeast),
        "<" => Some(Comparison::Below),
        "<=" => Some(Comparison::AtMost),
        _ => None,
    }
}

/// A text in single or double quotes, in which a backslash takes the next letter as it is.
fn quoted(rest: &mut &str) -> Result<Option<String>, StripeError> {
    let Some(quote) = rest.chars().next().filter(|first| "'\"".contains(*first)) else {
        return Ok(None);
    };
    let mut text = String::new();
    let mut letters = rest.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => text.extend(letters.next().map(|(_, letter)| letter)),
            letter if letter == quote => {
                *rest = &rest[at + letter.len_utf8()..];
                return Ok(Some(text));
            }
            letter => text.push(letter),
        }
    }
    Err(unreadable())
}

/// A value without quotes: a number, `true`, `false` or `null`. Texts need quotes.
fn bare(rest: &mut &str) -> Result<String, StripeError> {
    let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let (value, after) = rest.split_at(end);
    *rest = after;
    let allowed = ["true", "false"].contains(&value)
        || value.eq_ignore_ascii_case("null")
        || value.parse::<i64>().is_ok();
    if allowed {
        Ok(value.to_owned())
    } else {
        Err(unreadable())
    }
}

fn unfit(operator: &str, field: &str) -> StripeError {
    refused(format!(
        "Operator `{operator}` is not supported for field `{field}`."
    ))
}

fn unreadable() -> StripeError {
    refused(
        "We were unable to parse your search query. Try using the format `metadata[\"key\"]:\"value\"` to query for \
         metadata or key:\"value\" to query for other fields."
            .to_owned(),
    )
}

fn refused(message: String) -> StripeError {
    StripeError::invalid(message).param("query")
}
