//go:build unix

package goredis

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// derive says what the server's own description of a command makes of it. Key specs tell what happens to keys: "delete"
// without "access" gives nothing back, OW overwrites. The category @dangerous, and writing without keys, are the server's
// own affairs.
func derive(l leaf) (tiers []Tier) {
	if slices.Contains(l.categories, "@dangerous") || slices.Contains(l.flags, "write") && len(l.specs) == 0 {
		return []Tier{Server}
	}
	for _, spec := range l.specs {
		has := func(flag string) bool { return slices.Contains(spec.flags, flag) }
		switch {
		case has("delete") && has("access"):
			tiers = append(tiers, Consuming)
		case has("delete"), has("RM"):
			tiers = append(tiers, Removal)
		case has("OW") && !has("insert"): // what inserts leaves alone what is there
			tiers = append(tiers, Overwrite)
		case has("RW") && slices.Contains(l.categories, "@scripting"):
			tiers = append(tiers, Scripting)
		}
	}
	slices.Sort(tiers)
	return slices.Compact(tiers)
}

// exception says where the table is right and the description is not.
type exception struct {
	tiers  []Tier // of the table
	reason string
}

var exceptions = expand(map[string]exception{
	`ACL DRYRUN, ACL GETUSER, ACL LIST, ACL USERS, CLIENT LIST, CLUSTER COUNT-FAILURE-REPORTS, CLUSTER REPLICAS, CLUSTER SLAVES,
	CONFIG GET, INFO, LASTSAVE, LATENCY DOCTOR, LATENCY GRAPH, LATENCY HISTOGRAM, LATENCY HISTORY, LATENCY LATEST, MODULE LIST,
	PFSELFTEST, ROLE, SLOWLOG GET, SLOWLOG LEN, SORT_RO`: {nil, "asks, and changes nothing"},
	`KEYS`:       {nil, "slow, and changes nothing"},
	`XAUTOCLAIM`: {nil, "drops from a consumer's list what is deleted already"},

	`SORT`: {[]Tier{Overwrite}, "@dangerous because it is slow; with STORE it overwrites"},

	`FUNCTION LOAD`: {[]Tier{Overwrite}, "adds a library; with REPLACE it overwrites one"},
	`FUNCTION KILL, SCRIPT DEBUG, SCRIPT FLUSH, SCRIPT KILL`: {[]Tier{Server}, "no flag tells it from SCRIPT EXISTS"},

	`EXPIRE, EXPIREAT, PEXPIRE, PEXPIREAT, GETEX`: {[]Tier{Removal, Expiry}, "RW update: a time that has passed deletes"},
	`MOVE`:                {[]Tier{Removal}, "RW update: the key is gone from its database"},
	`XGROUP SETID`:        {[]Tier{Removal}, "RW update: what is skipped is never delivered"},
	`XSETID`:              {[]Tier{Server}, "RW update: meant for replication"},
	`GETSET, SINTERSTORE`: {[]Tier{Overwrite}, "RW update, but the whole value"},
	`SET`:                 {[]Tier{Removal, Overwrite}, "RW update, but the whole value, and a time that has passed deletes"},
	`XADD`:                {[]Tier{Trimming}, "RW update: trims with MAXLEN or MINID"},
})

// newer are the rows about commands that the server of the tests does not know yet, or has no module for.
var newer = expand(map[string]bool{
	`HEXPIRE, HEXPIREAT, HPEXPIRE, HPEXPIREAT, HGETDEL, HGETEX, HSETEX, DELEX, INCREX, MSETEX, XACKDEL, XDELEX, LMOVEM, BLMOVEM,
	ARDEL, ARDELRANGE, ARRING, CLUSTER MIGRATION, HOTKEYS RESET, TRIMSLOTS, VREM`: true,
	`BF.LOADCHUNK, CF.DEL, CF.LOADCHUNK, CMS.MERGE, FT.ALIASDEL, FT.ALIASUPDATE, FT.CONFIG, FT.DICTDEL, FT.DROP, FT.DROPINDEX,
	FT.SUGDEL, JSON.ARRPOP, JSON.ARRTRIM, JSON.CLEAR, JSON.DEL, JSON.FORGET, JSON.MERGE, JSON.MSET, JSON.SET, TDIGEST.MERGE,
	TDIGEST.RESET, TS.ALTER, TS.DEL, TS.DELETERULE`: true,
})

// expand makes one entry for each of the names of a line.
func expand[V any](lines map[string]V) map[string]V {
	all := map[string]V{}
	for names, v := range lines {
		for name := range strings.SplitSeq(names, ",") {
			all[strings.TrimSpace(name)] = v
		}
	}
	return all
}

// disagreements are where a table and the server differ, apart from the exceptions.
func disagreements(table []Command, server []leaf) (all []string) {
	rows := map[string][]Tier{}
	for _, c := range table {
		rows[c.Name] = append(rows[c.Name], c.Tier)
	}
	unused, unseen := maps.Clone(exceptions), maps.Clone(newer)
	for _, l := range server {
		if newer[l.name] {
			continue // this server is newer, too; what it says of them is not looked into
		}
		want := derive(l)
		if e, ok := exceptions[l.name]; ok {
			if slices.Equal(e.tiers, want) {
				all = append(all, fmt.Sprintf("%s is no exception: the server says %v, too", l.name, want))
			}
			delete(unused, l.name)
			want = e.tiers
		}
		got := rows[l.name]
		slices.Sort(got)
		if !slices.Equal(got, want) {
			all = append(all, fmt.Sprintf("%s: the table says %v, the server %v", l.name, got, want))
		}
		delete(rows, l.name)
	}
	for name := range rows {
		if !newer[name] {
			all = append(all, name+": neither the server nor the list of newer commands knows it")
		}
		delete(unseen, name)
	}
	for name := range unused {
		all = append(all, name+": an exception for a command that the server does not know")
	}
	for name := range unseen {
		all = append(all, name+": a newer command without a row")
	}
	return all
}

func TestTheTableAgreesWithTheServer(t *testing.T) {
	server := leaves(t, startRedis(t))
	for _, d := range disagreements(Commands(), server) {
		t.Error(d)
	}
	for i, row := range Commands() {
		if len(disagreements(slices.Delete(Commands(), i, i+1), server)) == 0 && !twice(row) {
			t.Errorf("nobody would miss the row %s, %s", row.Name, row.Tier)
		}
	}
}

// twice reports whether a newer command, about whose tiers nobody but the table can say anything, has two rows.
func twice(row Command) bool {
	return newer[row.Name] && slices.ContainsFunc(Commands(), func(c Command) bool { return c.Name == row.Name && c.Tier != row.Tier })
}

func TestRowsAreSortedNamedOnceInATierAndInUpperCase(t *testing.T) {
	rows := Commands()
	if !slices.IsSortedFunc(rows, func(a, b Command) int {
		if a.Tier != b.Tier {
			return int(a.Tier) - int(b.Tier)
		}
		if a.Name == b.Name {
			t.Errorf("%s has two rows in %s", a.Name, a.Tier)
		}
		return strings.Compare(a.Name, b.Name)
	}) {
		t.Error("the rows are not sorted by tier and name")
	}
	for _, row := range rows {
		if row.Name != strings.ToUpper(row.Name) {
			t.Errorf("%s is not in upper case", row.Name)
		}
		if _, err := row.Tier.MarshalText(); err != nil {
			t.Errorf("%s: %v", row.Name, err)
		}
		if row.When != nil && row.Note == "" {
			t.Errorf("%s, %s: its condition needs a note", row.Name, row.Tier)
		}
	}
	if _, err := newIndex(rows); err != nil {
		t.Error(err)
	}
}

func TestCommandsAreACopy(t *testing.T) {
	Commands()[0].Name = "GET"
	if Commands()[0].Name == "GET" {
		t.Error("a caller changed the table")
	}
}

func TestInTiersKeepsTheirCommandsOnly(t *testing.T) {
	n := 0
	for _, tier := range Tiers() {
		rows := InTiers(tier)
		n += len(rows)
		if len(rows) == 0 || slices.ContainsFunc(rows, func(c Command) bool { return c.Tier != tier }) {
			t.Errorf("%s has %d rows, or one of another tier", tier, len(rows))
		}
	}
	if n != len(Commands()) {
		t.Errorf("the tiers have %d rows, the table %d", n, len(Commands()))
	}
}

func TestTiersHaveNamesThatAreReadBack(t *testing.T) {
	for _, tier := range Tiers() {
		text, err := tier.MarshalText()
		if err != nil || string(text) != tier.String() {
			t.Errorf("%v is written %q, %v", tier, text, err)
		}
		var back Tier
		if err := back.UnmarshalText(text); err != nil || back != tier {
			t.Errorf("%q is read as %v, %v", text, back, err)
		}
	}
	var none Tier
	if _, err := none.MarshalText(); err == nil {
		t.Error("the zero tier is written")
	}
	if err := none.UnmarshalText([]byte("removals")); err == nil || !strings.Contains(err.Error(), "removal") {
		t.Errorf("a misspelt tier: %v", err)
	}
	if none.String() != "tier(0)" {
		t.Errorf("the zero tier is called %s", none)
	}
}
