package config

// What the tests, which stand outside of the package, need of its inside.
var (
	ReleasesOf  = releasesOf
	ValidateAll = validateAll
	AllRegions  = regions
)

// UnreadableReleases are releases whose file could not be read.
func UnreadableReleases(file string, err error) Releases { return Releases{file: file, err: err} }
