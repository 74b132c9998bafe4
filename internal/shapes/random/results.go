package random

// results draws them: an error last, elsewhere, several, none, of other types, inside of a result.
func (s *scope) results(taken map[string]bool) (list []variable) {
	add := func(types ...typ) {
		for _, t := range types {
			list = append(list, variable{"", t})
		}
	}
	values := func(limit int) {
		for range s.IntN(limit + 1) {
			add(s.value(3))
		}
	}
	failure := func() typ {
		if s.one(15) {
			if text, ok := s.helped("Err"); ok {
				return typ{text: text, role: isError}
			}
		}
		if text, ok := s.word("error"); ok && !s.file.names("error") {
			return typ{text: text, role: isError}
		}
		return s.value(0)
	}
	carrier := func() typ {
		return until(s, func() (typ, bool) {
			t := s.any(2)
			return t, t.role == isCarrier
		})
	}
	switch n := s.IntN(100); {
	case n < 15:
		add(failure())
	case n < 45:
		add(s.value(3), failure())
	case n < 53:
		values(3)
		add(failure())
	case n < 61:
		values(2)
		add(failure())
		values(2)
	case n < 65:
		values(1)
		add(failure())
		values(1)
		add(failure())
	case n < 70:
		values(3)
	case n < 84:
		values(1)
		add(carrier())
		values(1)
	case n < 86:
		add(carrier(), failure())
	case n < 88:
		add(carrier(), carrier())
	case n < 93: // whatever comes
		add(s.any(2))
		values(1)
	default:
		add(s.any(3))
	}
	s.nameAll(list, taken, 35)
	return list
}

// reports says whether the guard can refuse and observe a method with these results, and through what.
func (s *scope) reports(results []variable) (bool, role) {
	count := make(map[role]int)
	for _, v := range results {
		count[v.role]++
	}
	switch {
	case count[isError] > 0, count[isFailure] > 0:
		return true, isError
	case count[isCarrier] > 0:
		return true, isCarrier
	case len(results) == 1 && count[isErrorSeq] == 1:
		return true, isErrorSeq
	default:
		return false, plain
	}
}

// customErrors are the results with errors of a type of their own.
func customErrors(results []variable) (list []variable) {
	for _, r := range results {
		if r.role == isCustomError {
			list = append(list, r)
		}
	}
	return list
}
