//! What Linux says a process has used, under `/proc`. Other systems do not say it there, and the figures are left out.

use std::time::Duration;

/// The unit of times in `/proc/PID/stat`: a hundredth of a second on every Linux, whatever the kernel counts in itself.
const TICK: Duration = Duration::from_millis(10);

/// User and system time so far.
pub(super) fn cpu(process: u32) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The second field is the program's name in parentheses, which may hold anything. User and system time are the
    // fourteenth and the fifteenth field.
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut times = fields.split(' ').skip(11).map(str::parse::<u32>);
    let (user, system) = (times.next()?.ok()?, times.next()?.ok()?);
    Some(TICK * (user + system))
}

/// The most memory it ever held at a time.
pub(crate) fn memory_bytes(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linux_tells_of_this_process() {
        if cfg!(target_os = "linux") {
            assert!(cpu(std::process::id()).is_some());
            assert!(memory_bytes(std::process::id()).unwrap() > 100_000);
        }
        assert_eq!(cpu(u32::MAX), None);
        assert_eq!(memory_bytes(u32::MAX), None);
    }
}
