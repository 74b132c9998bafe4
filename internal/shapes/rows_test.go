package shapes

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// rows names for each kind of type that a user may bring the shapes that show it. What stands here must have a shape, and
// every shape stands here.
var rows = []struct{ what, shapes string }{
	{"type parameters: any", "gen_any"},
	{"a union and comparable", "gen_union"},
	{"constraints in place", "gen_inline gen_inline_method"},
	{"constraints of other packages", "gen_extconstraint"},
	{"pointer constraints", "gen_ptr"},
	{"F-bounded constraints", "gen_fbound"},
	{"generic types in signatures", "gen_results gen_struct_args"},
	{"names of type parameters", "gen_blank gen_error_param gen_named_like"},
	{"types defined from instantiations", "inst_defined gen_defined"},
	{"aliases of interfaces, plain, instantiated and parametrised", "alias_iface inst_alias gen_alias_iface"},
	{"aliases in signatures, parametrised ones, too", "alias_types gen_alias_param"},
	{"embedded: of the package, of others, overlapping, generic, without a name", "embed_same embed_other embed_overlap embed_gen embed_anon embed_error"},
	{"variadics of every kind", "variadic"},
	{"parameters and results without a name, blank, named", "unnamed blank named_results"},
	{"parameters that shadow imports", "shadow_import shadow_import2"},
	{"parameters that shadow what is predeclared", "shadow_builtin"},
	{"parameters that shadow receivers, locals and generated names", "shadow_locals"},
	{"parameters of one type", "two_of_a_kind"},
	{"functions as parameters", "func_params"},
	{"channels, nested", "chans"},
	{"structs without a name, with tags and unexported fields", "anon_struct anon_struct_unexp"},
	{"interfaces without a name", "anon_iface"},
	{"unexported types, methods and interfaces", "unexp_type unexp_method unexp_iface"},
	{"names of interfaces and options", "names"},
	{"dot imports", "dot_import"},
	{"imports of one name", "same_named same_named_embedded"},
	{"packages named unlike their folder, or like what is generated", "pkgname_differs pkg_named_any pkg_named_context pkg_named_guard pkg_main"},
	{"vendor directories, workspaces and overlays", "vendored workspace overlay"},
	{"cgo, in the file and in signatures", "cgo cgo_type"},
	{"variants by build tag and by system", "build_tags os_variants"},
	{"test files and external test packages", "test_file xtest_file test_both"},
	{"internal packages", "internal_pkg"},
	{"structs", "struct_wrap struct_gen struct_embed struct_alias struct_files struct_mutex struct_names struct_third_party"},
	{"interfaces of third parties", "third_party"},
	{"types inside generic types and functions", "in_generic_struct func_local"},
	{"iterators", "iter_seq iter_error iter_gen iter_other"},
	{"without a context, without an error", "no_ctx no_err"},
	{"errors that are not last, or several", "err_not_last multi_err"},
	{"errors by another name, and of a type of their own", "alias_err custom_err custom_err_refuse"},
	{"results that carry their error", "multi_carrier carrier_and_error"},
	{"contexts by another name, elsewhere, of a type of their own", "ctx_forms ctx_foreign ctx_suffix"},
	{"results that outlive the call", "lifetimes"},
	{"methods named like the interface, or like what is generated", "method_eq_iface method_collide"},
	{"declarations named like imports of the generated file", "pkg_collide"},
	{"predeclared names that the package redefines", "shadow_predeclared shadow_predeclared_carrier shadow_predeclared_error"},
	{"arrays with a constant length, unsafe.Pointer, every kind", "const_array unsafe_ptr every_kind"},
	{"every option, and predicates with every form", "every_option predicates"},
	{"places of directives and comments", "grouped comments single_line"},
	{"types that name themselves and their wrappers", "recursive"},
	{"older output, and code that calls what is generated", "stale"},
	{"clients that are handed out, and the author knows", "handed_safe"},

	{"refused: constraints", "constraint_iface comparable_iface alias_constraint"},
	{"refused: nothing to guard", "empty_iface empty_struct defined_struct"},
	{"refused: neither interface nor struct", "func_type map_type pointer_type"},
	{"refused: no way to report a refusal", "no_err_destructive custom_err_destructive iter_destructive unknown_result"},
	{"refused: clients that are handed out", "handed_out handed_in"},
	{"refused: what only another package can write", "foreign_unexp_method foreign_unexp_type foreign_internal_type shadow_predeclared_foreign"},
	{"refused: names", "blank_type blank_method twice"},
	{"refused: what does not compile", "undeclared elsewhere_broken alias_type_param"},
}

func TestEveryKindOfTypeHasAShape(t *testing.T) {
	folders, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	var have, want []string
	for _, folder := range folders {
		have = append(have, folder.Name())
	}
	for _, row := range rows {
		for name := range strings.FieldsSeq(row.shapes) {
			if !slices.Contains(have, name) {
				t.Errorf("%s: there is no shape %s", row.what, name)
			}
			want = append(want, name)
		}
	}
	for _, name := range have {
		if !slices.Contains(want, name) {
			t.Errorf("shape %s shows nothing that is listed", name)
		}
	}
}
