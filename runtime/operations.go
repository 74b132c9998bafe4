package guard

import (
	"cmp"
	"context"
	"slices"
)

// Operation is a destructive operation, and what the gate would say to it now.
type Operation struct {
	Decision   Decision `json:"decision"`             // about a call in a scope of its own, and about no keys
	Dependency string   `json:"dependency,omitempty"` // its own; empty without a wrapper
	Budget     string   `json:"budget"`               // "20/1m", or "none"
}

// Operations returns what is protected: the destructive methods of all wrappers, and the operations that
// [HealthRegistry.AllowDestructive] was asked for, sorted by name and then by dependency. Like [HealthRegistry.Explain] it
// takes nothing and probes nothing.
func (r *HealthRegistry) Operations() []Operation {
	r.mu.RLock()
	known := make([]*operation, 0, len(r.operations))
	for _, op := range r.operations {
		known = append(known, op)
	}
	r.mu.RUnlock()
	required := r.required()
	common := r.snapshot(NewScope(context.Background()), &operation{bucket: bucket{budget: NoBudget}}, nil, required)
	all := make([]Operation, len(known))
	for i, op := range known {
		s := *common
		s.budget = op.bucket.budget
		s.budgetLeft, s.budgetRefill = op.bucket.left(s.now)
		if own := op.own; own != nil && !own.required {
			s = *r.snapshot(NewScope(context.Background()), op, nil, r.requiredBy(op))
		}
		all[i] = Operation{Decision: r.decision(op, s.decide()), Budget: op.bucket.budget.String()}
		if op.own != nil {
			all[i].Dependency = op.own.name
		}
	}
	slices.SortFunc(all, func(a, b Operation) int {
		return cmp.Or(cmp.Compare(a.Decision.Operation, b.Decision.Operation), cmp.Compare(a.Dependency, b.Dependency))
	})
	return all
}

// decision puts a verdict about a known operation in words.
func (r *HealthRegistry) decision(op *operation, v verdict) Decision {
	d := Decision{Operation: op.name, Known: true, Allowed: v.reason == "", Mode: r.effect(op, v)}
	if !d.Allowed {
		denial := r.denial(op, v)
		d.Reason, d.Dependency, d.Key, d.Detail = v.reason, v.dependency, v.key, denial.brief()
		d.RetryAfter = denial.RetryAfter()
	}
	return d
}
