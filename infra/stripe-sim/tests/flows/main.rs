//! Stories through the whole simulator, over its API.

#[cfg(test)]
mod account;
#[cfg(test)]
mod shapes;
#[cfg(test)]
mod story;
