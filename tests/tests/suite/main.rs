//! The stories, the faults and the races of the whole system. One binary, so that it is linked once.

mod edge;
mod samples;
mod story;
