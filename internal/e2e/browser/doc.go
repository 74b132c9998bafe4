// Package browser holds nothing but tests: the page of runtime/status in a real browser, Chromium.
//
//	make test-browser    runs them, and installs Chromium on Debian if it is missing
//	make screenshots     writes the pictures of docs/images
package browser
