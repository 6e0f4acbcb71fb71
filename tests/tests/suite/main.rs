//! The stories, the faults and the races of the whole system. One binary, so that it is linked once.

mod edge;
mod faults;
mod properties;
mod races;
mod retries;
mod samples;
mod story;
mod tidy;
