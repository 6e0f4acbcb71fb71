"""Where an emulator is known to differ from AWS, check by check, with what it does instead. Ours has no entry: what it
does not do is mended, or is no check. Each entry is run all the same and must fail; one that passes turns the run red."""

DEVIATIONS = {
    "moto": {},
    "ministack": {},
}
