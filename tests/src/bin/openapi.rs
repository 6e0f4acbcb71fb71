//! Prints the OpenAPI document of the portal's API: `./dev types` keeps it where it is served from.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!(
        "{}",
        tests::api::document(&tests::api::routes()).to_pretty_json()?
    );
    Ok(())
}
