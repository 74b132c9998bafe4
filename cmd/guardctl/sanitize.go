package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// What a server says reaches the terminal through this file: documents through decode, errors through clean, and a document
// that is to be passed on as it is through escape. An error message may have been written by whoever attacks a dependency,
// and a terminal obeys what it prints.

// sequence matches the escape sequences that colour text and move the cursor.
var sequence = regexp.MustCompile("(?:\x1b\\[|\u009b)[0-?]*[ -/]*[@-~]")

// clean makes a text of one line out of any text, with nothing in it that a terminal would obey or not show: escape
// sequences are taken out, white space becomes a space, and what cannot be printed is left out, marks that reverse the
// direction of writing among it.
func clean(text string) string {
	text = sequence.ReplaceAllString(text, "")
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		default:
			return r
		}
	}, text)
	return strings.TrimSpace(text)
}

// decode reads one JSON document, every text in it cleaned.
func decode(document []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		return fmt.Errorf("no JSON: %w", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return fmt.Errorf("more than one JSON document")
	}
	cleaned, err := json.Marshal(cleanTree(tree))
	if err != nil {
		return err
	}
	return json.Unmarshal(cleaned, into)
}

func cleanTree(tree any) any {
	switch tree := tree.(type) {
	case string:
		return clean(tree)
	case []any:
		for i := range tree {
			tree[i] = cleanTree(tree[i])
		}
	case map[string]any:
		cleaned := make(map[string]any, len(tree))
		for key, value := range tree {
			cleaned[clean(key)] = cleanTree(value)
		}
		return cleaned
	}
	return tree
}

// escape writes a JSON document so that a terminal can show it: the same document, with what cannot be printed as \u and
// its number. Such characters stand in strings only.
func escape(document []byte) []byte {
	var out bytes.Buffer
	for len(document) > 0 {
		r, size := utf8.DecodeRune(document)
		switch {
		case r == '\r': // between values only
			out.WriteByte('\n')
		case r == '\n' || r == '\t' || unicode.IsPrint(r) && (r != utf8.RuneError || size > 1):
			out.Write(document[:size])
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
		document = document[size:]
	}
	return out.Bytes()
}
