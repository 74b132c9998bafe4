// Package shapes holds one package for each shape that an annotated type may have, with the verdict that it is to get:
// guarded, or refused in so many words. TestShapes generates, vets and calls them all, and prints the table.
package shapes
