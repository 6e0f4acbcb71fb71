//! Writes `events/stripe/<type>.json`, one real-shaped event of each type that the product acts on:
//!
//!     cargo run -p stripe-sim --example sample-events
//!
//! They come out the same on every run; a test says when they are to be written anew.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/stripe");
    std::fs::create_dir_all(&folder)?;
    for (event_type, event) in stripe_sim::sample_events() {
        std::fs::write(
            folder.join(format!("{event_type}.json")),
            format!("{event:#}\n"),
        )?;
    }
    Ok(())
}
