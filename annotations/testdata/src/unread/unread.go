// Package unread has annotations in files that a build does not read.
package unread
