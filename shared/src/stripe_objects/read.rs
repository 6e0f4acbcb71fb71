//! How single fields are read: references, times, and values that Stripe may add to.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, IgnoredAny, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::Metadata;
use crate::time::Timestamp;

/// A field that holds another object's id, or, where the request asked for it, the object itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Reference<I, T> {
    /// Only the id.
    Id(I),
    /// The whole object.
    Object(Box<T>),
}

/// An id, alone or within the object it names.
pub(super) fn id<'de, I, D>(field: D) -> Result<I, D::Error>
where
    I: Deserialize<'de>,
    D: Deserializer<'de>,
{
    field.deserialize_any(IdVisitor(PhantomData))
}

/// The same, where the field may be missing or null.
pub(super) fn optional_id<'de, I, D>(field: D) -> Result<Option<I>, D::Error>
where
    I: Deserialize<'de>,
    D: Deserializer<'de>,
{
    struct Id<I>(I);
    impl<'de, I: Deserialize<'de>> Deserialize<'de> for Id<I> {
        fn deserialize<D: Deserializer<'de>>(field: D) -> Result<Self, D::Error> {
            id(field).map(Self)
        }
    }
    Ok(Option::<Id<I>>::deserialize(field)?.map(|Id(id)| id))
}

/// Written out because an untagged enum would copy the whole object first, and answer a bad id with `did not match any
/// variant` instead of what is wrong with it.
struct IdVisitor<I>(PhantomData<I>);

impl<'de, I: Deserialize<'de>> Visitor<'de> for IdVisitor<I> {
    type Value = I;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an id or the object that has it")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<I, E> {
        I::deserialize(text.into_deserializer())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<I, A::Error> {
        let mut id = None;
        while let Some(field) = object.next_key::<String>()? {
            if field == "id" {
                id = Some(object.next_value()?);
            } else {
                object.next_value::<IgnoredAny>()?;
            }
        }
        id.ok_or_else(|| A::Error::missing_field("id"))
    }
}

/// A moment, which Stripe writes in Unix seconds.
pub(super) fn time<'de, D: Deserializer<'de>>(field: D) -> Result<Timestamp, D::Error> {
    i64::deserialize(field).map(Timestamp::from_s)
}

/// The same, where the field may be missing or null.
pub(super) fn optional_time<'de, D: Deserializer<'de>>(
    field: D,
) -> Result<Option<Timestamp>, D::Error> {
    Ok(Option::<i64>::deserialize(field)?.map(Timestamp::from_s))
}

/// Whether the field holds anything but null.
pub(super) fn present<'de, D: Deserializer<'de>>(field: D) -> Result<bool, D::Error> {
    Ok(Option::<IgnoredAny>::deserialize(field)?.is_some())
}

/// The default where the field is null; together with `#[serde(default)]`, where it is missing too.
pub(super) fn or_default<'de, T, D>(field: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Default,
    D: Deserializer<'de>,
{
    Ok(Option::<T>::deserialize(field)?.unwrap_or_default())
}

/// What we wrote on an object. What an update changed from has null for a name that was not there.
pub(super) fn metadata<'de, D: Deserializer<'de>>(field: D) -> Result<Metadata, D::Error> {
    let written = Option::<BTreeMap<String, Option<String>>>::deserialize(field)?;
    let written = written.unwrap_or_default().into_iter();
    Ok(written
        .filter_map(|(name, text)| Some((name, text?)))
        .collect())
}

/// An enumeration that keeps a value it does not know as its text, so that a status Stripe adds one day is recorded
/// rather than refused.
macro_rules! open_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            /// A value this system does not know, as Stripe wrote it.
            Other(String),
        }

        impl $name {
            /// The value as Stripe writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(text) => text,
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                match text.as_str() {
                    $($text => Self::$variant,)+
                    _ => Self::Other(text),
                }
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.as_str().to_owned()
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                <String as utoipa::PartialSchema>::schema()
            }
        }

        impl utoipa::ToSchema for $name {}

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.as_str())
            }
        }
    };
}

pub(super) use open_enum;
