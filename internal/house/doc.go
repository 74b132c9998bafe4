// Package house holds nothing but tests: that the arrows between the packages of this project point where they should,
// and that a service which imports the runtime gets failsafe-go and nothing more.
package house
