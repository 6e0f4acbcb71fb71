//! Mails as a person gets them, and SES in its moods.

use super::*;
