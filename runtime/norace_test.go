//go:build !race

package guard

// raceDetector says that it is built in.
const raceDetector = false
