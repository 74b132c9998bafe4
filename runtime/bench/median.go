package main

import "slices"

// median returns the value in the middle.
func median(values []float64) float64 { return quantile(values, .5) }

// spread is half the distance between the quartiles, as a part of the median: half of the rounds lie within.
func spread(values []float64) float64 {
	return (quantile(values, .75) - quantile(values, .25)) / 2 / median(values)
}

// quantile returns the value below which a part of the values lies, interpolated between two neighbours.
func quantile(values []float64, part float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	at := part * float64(len(sorted)-1)
	below := int(at)
	above := min(below+1, len(sorted)-1)
	return sorted[below] + (sorted[above]-sorted[below])*(at-float64(below))
}
